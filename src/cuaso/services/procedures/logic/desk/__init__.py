"""The one-stop desk: receive, refuse, ask for what is missing, help at the counter."""
