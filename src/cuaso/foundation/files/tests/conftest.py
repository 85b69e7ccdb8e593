import pytest


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """A private folder, and no scanner unless a test names one."""
    settings.CUASO_FILES = tmp_path / "files"
    settings.CUASO_CLAMAV = ""
    return settings.CUASO_FILES


@pytest.fixture
def on_disk(folder):
    """Return the names of all files under the folder."""
    return lambda: sorted(path.name for path in folder.rglob("*") if path.is_file())
