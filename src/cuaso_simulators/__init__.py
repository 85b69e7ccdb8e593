"""Independent programs that stand for the outside world in demonstrations and tests."""
