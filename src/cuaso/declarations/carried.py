"""Texts that a registry carries: templates of its papers and the drawing of its way.

In a pack they are files; in the house they stand in the declaration, so that each version keeps
its own and a changed file makes a new version.
"""

from collections.abc import Mapping

from cuaso.declarations.registries import Registry


def filled(
    registry: Registry, *, templates: Mapping[str, str], drawings: Mapping[str, str]
) -> Registry:
    """Return the registry with the texts of the files that it names; texts of its own stay."""
    papers = {
        name: one if one.text else one.replace(text=templates.get(one.template, ""))
        for name, one in registry.papers.items()
    }
    way = registry.workflow
    if way is not None and not way.drawing:
        way = way.replace(drawing=drawings.get(way.flow, ""))
    return registry.replace(papers=papers, workflow=way) if papers or way else registry


def files_of(registry: Registry) -> dict[str, str]:
    """Return the texts that a registry carries, by the path that each has in a pack."""
    texts = {f"templates/{one.template}.typ": one.text for one in registry.papers.values()}
    if registry.workflow is not None:
        texts[f"flows/{registry.workflow.flow}.bpmn"] = registry.workflow.drawing
    return {path: text for path, text in texts.items() if text}


def bare(registry: Registry) -> Registry:
    """Return the registry as its file in a pack says it: the carried texts left to their files."""
    papers = {name: one.replace(text="") for name, one in registry.papers.items()}
    way = registry.workflow.replace(drawing="") if registry.workflow else None
    return registry.replace(papers=papers, workflow=way) if papers or way else registry
