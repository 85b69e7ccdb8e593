"""What a file says, before anybody asks what it means: workbooks, CSV, archives, old letters."""
