"""What a reader sees: records, lists, history, in the reader's rights."""
