"""Papers that are drawn: results, the forms that the law asks for, the register."""
