"""The product's command line: one module a verb."""
