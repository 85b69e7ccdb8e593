"""Services: what people come for."""
