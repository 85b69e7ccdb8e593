"""Plain words: time, codes, money, Vietnamese text, periods, errors. No Django."""
