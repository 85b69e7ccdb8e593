"""From values to rows: by sets or one by one, refused rows told, good rows kept."""
