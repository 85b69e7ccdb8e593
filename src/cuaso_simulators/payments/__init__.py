"""Stands for a payment gateway with its bank: pages, signed callbacks, lists, refunds."""
