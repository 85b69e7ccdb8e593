"""Datasets in the words of machines: datapackage.json with Table Schema, and a DCAT catalogue."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from django.conf import settings

from cuaso.capabilities.registries.contracts import DatasetCard, OpenColumn
from cuaso.foundation.directory import api as directory

HOME: Final = "/du-lieu-mo/"
# No text that we read names a licence for the province's open data.
LICENCE: Final = (
    "Giấy phép sử dụng chưa được kiểm chứng với văn bản của tỉnh. "
    "Khi dùng, hãy ghi tên cơ quan chủ quản và ngày tải."
)
_CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_IANA: Final = "https://www.iana.org/assignments/media-types/"


def address(card: DatasetCard, file: str = "") -> str:
    """Return the whole address of a dataset's page or file."""
    return f"{settings.PUBLIC_URL}{HOME}{card.key}/{file}"


def tag_of(content: bytes) -> str:
    """Return the ETag of a description."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def package(card: DatasetCard, columns: Sequence[OpenColumn]) -> dict[str, object]:
    """Return a dataset as a Data Package: its two files and the Table Schema of their columns."""
    name = card.key.replace("/", "-").replace("_", "-")
    schema = _schema(columns)
    csv_words = {"delimiter": ";", "header": True, "lineTerminator": "\r\n"}
    both = {"encoding": "utf-8", "schema": schema}
    return {
        "profile": "tabular-data-package",
        "name": name,
        "title": card.title,
        "description": card.about,
        "homepage": address(card),
        "version": f"{card.version}.0.0",
        "created": card.changed_at.isoformat() if card.changed_at else None,
        "licence_note": LICENCE,
        "period": card.period,
        "sources": [{"title": text} for text in card.legal],
        "sources_unverified": card.unverified,
        "contributors": [{"title": card.owner_name, "role": "publisher"}],
        "resources": [
            {
                "name": f"{name}-csv",
                "path": address(card, "du-lieu.csv"),
                "format": "csv",
                "mediatype": "text/csv",
                "dialect": csv_words,
                **both,
            },
            {
                "name": f"{name}-json",
                "path": address(card, "du-lieu.json"),
                "format": "json",
                "mediatype": "application/json",
                **both,
            },
        ],
    }


def _schema(columns: Sequence[OpenColumn]) -> dict[str, object]:
    keys = [one.name for one in columns if one.key]
    named = {"fields": [_field(one) for one in columns], "missingValues": [""]}
    return {**named, "primaryKey": keys} if keys else named


def _field(one: OpenColumn) -> dict[str, object]:
    said = " ".join(part for part in (one.hint, f"Đơn vị: {one.unit}." if one.unit else "") if part)
    found: dict[str, object] = {"name": one.name, "title": one.title, "type": one.kind}
    if said:
        found["description"] = said
    if one.codes:
        found["code_list"] = one.codes
    if one.to:
        found["refers_to"] = one.to
    if one.many:
        found["description"] = f"{said} Nhiều mã, cách nhau bằng dấu |.".strip()
    return found


def catalogue(cards: Iterable[DatasetCard]) -> dict[str, object]:
    """Return every dataset as a DCAT catalogue."""
    province = directory.province()
    return {
        "@context": _CONTEXT,
        "@id": f"{settings.PUBLIC_URL}{HOME}",
        "@type": "dcat:Catalog",
        "dct:title": {"@value": f"Dữ liệu mở {province.name}", "@language": "vi"},
        "dct:description": {
            "@value": "Các cột mở của những cơ sở dữ liệu mà các sở, ngành của tỉnh giữ.",
            "@language": "vi",
        },
        "dct:publisher": _agent(province.committee_name),
        "dct:language": "vi",
        "dcat:dataset": [_dataset(card) for card in cards],
    }


def _agent(name: str) -> dict[str, str]:
    return {"@type": "foaf:Organization", "foaf:name": name}


def _dataset(card: DatasetCard) -> dict[str, object]:
    found: dict[str, object] = {
        "@id": address(card),
        "@type": "dcat:Dataset",
        "dct:identifier": card.key,
        "dct:title": {"@value": card.title, "@language": "vi"},
        "dct:description": {"@value": card.about or card.title, "@language": "vi"},
        "dct:publisher": _agent(card.owner_name),
        "dct:rights": {"@type": "dct:RightsStatement", "rdfs:label": LICENCE},
        "dct:provenance": [
            {"@type": "dct:ProvenanceStatement", "rdfs:label": text} for text in card.legal
        ],
        "dcat:landingPage": {"@id": address(card)},
        "dcat:distribution": [
            _distribution(card, "du-lieu.csv", "CSV", "text/csv"),
            _distribution(card, "du-lieu.json", "JSON", "application/json"),
        ],
    }
    if card.period:
        found["dct:accrualPeriodicity"] = {"@type": "dct:Frequency", "rdfs:label": card.period}
    if card.changed_at:
        moment = {"@type": "xsd:dateTime", "@value": card.changed_at.isoformat()}
        found["dct:modified"] = moment
    return found


def _distribution(card: DatasetCard, file: str, title: str, media: str) -> dict[str, object]:
    return {
        "@id": address(card, file),
        "@type": "dcat:Distribution",
        "dct:title": title,
        "dcat:accessURL": {"@id": address(card)},
        "dcat:downloadURL": {"@id": address(card, file)},
        "dcat:mediaType": {"@id": f"{_IANA}{media}"},
        "dct:conformsTo": {"@id": address(card, "datapackage.json")},
    }
