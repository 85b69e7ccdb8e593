"""Stands for the national database of officials: provinces' messages, receipts, lists."""
