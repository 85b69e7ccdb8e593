"""From a draft to a submission."""
