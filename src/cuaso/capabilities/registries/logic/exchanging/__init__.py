"""Records go out as sheets and come in from sheets: templates, imports, exports, sample data."""
