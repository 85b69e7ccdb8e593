"""The directory follows the registries that are its source."""
