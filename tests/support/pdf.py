import subprocess


def text_of(pdf: bytes) -> str:
    """Return what a PDF says in reading order, every run of blanks as one space."""
    told = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(told.stdout.decode().split())
