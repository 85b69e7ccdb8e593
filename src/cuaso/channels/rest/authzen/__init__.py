"""AuthZEN 1.0: systems with a token ask what an official may do."""
