"""A foreign certificate authority with OCSP, CRL and time stamps, as the Government Cipher
Committee's is to a province. For demonstration and tests; refused in production.
"""
