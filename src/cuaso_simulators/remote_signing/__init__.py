"""Remote signing with consent on a phone, in the shape of the CSC API v2. Refused in production."""
