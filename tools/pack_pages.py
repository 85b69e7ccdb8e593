"""Adds a page for each pack to the documentation, told from what the pack declares."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from cuaso.declarations.documenting import pages
from cuaso.kernel import clock

SECTION = "Các gói"
INDEX = "packs/index.md"
LEAD = """# Các gói

Mỗi gói là một thư mục mà người của sở, ngành đọc được: cơ sở dữ liệu, thủ tục, danh mục, ví dụ.
Các trang này được viết ra từ chính những tệp ấy mỗi khi tài liệu được dựng.
Cơ sở dữ liệu `gói/sổ` có trang làm việc ở `/ban-lam-viec/so/gói/sổ/`, API ở `/api/v1/so/gói/sổ`.

"""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages, and name them in the navigation."""
    told = pages(Path(config.config_file_path).parent / "packs", today=clock.today())
    titles = {key: text.partition("\n")[0].removeprefix("# ") for key, text in told.items()}
    links = "\n".join(f"- [{title}]({key}.md)" for key, title in titles.items())
    written = {INDEX: LEAD + links + "\n"} | {f"packs/{key}.md": text for key, text in told.items()}
    for path, text in written.items():
        files.append(File.generated(config, path, content=text))
    if config.nav is not None:
        config.nav.append({SECTION: list(written)})
    return files
