"""What does not follow the rules of the house, each with its reason. Nothing else is excused."""

# Path -> why it may be longer than 400 lines.
LONG_FILES: dict[str, str] = {}

# Path -> why it imports inside a function.
LATE_IMPORTS: dict[str, str] = {
    "src/cuaso/foundation/files/logic/pdf_lock.py": (
        "pyHanko costs half a second of CPU to import and is wanted for a few files in a thousand."
    ),
    "src/cuaso/foundation/dictionary/logic/exports/turtle.py": (
        "rdflib costs a third of a second of CPU to import and serves two rare exports."
    ),
    "src/cuaso/kernel/geography/vn2000.py": (
        "pyproj opens its database of projections, and few pages of few processes need a map."
    ),
    "src/cuaso/kernel/geography/shapes.py": (
        "shapely brings numpy, a third of a second of CPU, and few pages need a geometry."
    ),
}

# Engine -> rooms it does not have, with the reason.
MISSING_ROOMS: dict[tuple[str, str], str] = {
    ("src/cuaso/capabilities/reports", "contracts.py"): (
        "It takes a template and data and gives bytes: nothing of its own crosses the door."
    ),
}

# "app.Model.field" -> why this foreign key crosses engines otherwise than downward and one-way.
FOREIGN_KEYS: dict[str, str] = {}

# Path -> why it names a host or a path of a machine.
HOSTS: dict[str, str] = {}
