"""An import contract: whoever needs an engine knocks at `api` or `contracts`."""

from typing import Any

from importlinter import Contract, ContractCheck, fields, output


class FrontDoorContract(Contract):
    """Refuse every import that lands behind an engine's named doors.

    packages: the floor whose children are engines. doors: the modules of an engine that
    strangers may import. allowed: modules that may go anywhere.
    """

    # The linter's own machinery puts plain values where the fields are declared.
    packages: Any = fields.StringField()
    doors: Any = fields.SetField(subfield=fields.StringField())
    allowed: Any = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: Any, verbose: bool) -> ContractCheck:  # noqa: ANN401, ARG002, FBT001
        """Collect (importer, module behind a door, line) over every engine of the floor."""
        trespasses = [
            (importer, module, detail["line_number"])
            for engine in sorted(graph.find_children(self.packages))
            for importer, module in self._trespasses(graph, engine)
            for detail in graph.get_import_details(importer=importer, imported=module)
        ]
        return ContractCheck(kept=not trespasses, metadata={"trespasses": sorted(trespasses)})

    def _trespasses(self, graph: Any, engine: str) -> list[tuple[str, str]]:  # noqa: ANN401
        rooms = {engine} | graph.find_descendants(engine)
        open_rooms = {engine} | {
            room
            for room in rooms
            for door in self.doors
            if room == f"{engine}.{door}" or room.startswith(f"{engine}.{door}.")
        }
        return [
            (importer, room)
            for room in rooms - open_rooms
            for importer in graph.find_modules_that_directly_import(room)
            if importer not in rooms and importer not in (self.allowed or ())
        ]

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each trespass and the way in that is open."""
        for importer, module, line in check.metadata["trespasses"]:
            output.print_error(f"{importer}, line {line}, reaches behind a door into {module}.")
        output.print_error(
            "Import the engine's api or contracts; add a function there if none fits."
        )
