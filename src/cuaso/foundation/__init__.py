"""Foundation: who and what exists."""
