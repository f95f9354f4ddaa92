"""All of it together."""

from functools import cached_property

from app.curriculum.model.drills import Drill
from app.curriculum.model.emergencies import Contacts, Situation
from app.curriculum.model.glossary import Term
from app.curriculum.model.intake import Intake
from app.curriculum.model.modules import ChecklistItem, Module
from app.curriculum.model.paths import LearningPath
from app.curriculum.model.sheets import Sheet
from app.curriculum.model.texts import Source, Threat, Value
from app.curriculum.model.worksheet import Worksheet


class Curriculum(Value):
    """Everything that is taught, read once and frozen."""

    digest: str
    languages: tuple[str, ...]
    modules: tuple[Module, ...]
    situations: tuple[Situation, ...]
    contacts: Contacts
    threats: tuple[Threat, ...]
    sources: tuple[Source, ...]
    glossary: tuple[Term, ...]
    sheets: tuple[Sheet, ...] = ()
    worksheet: Worksheet | None = None
    paths: tuple[LearningPath, ...] = ()
    intake: Intake | None = None
    drills: tuple[Drill, ...] = ()

    @cached_property
    def modules_by_id(self) -> dict[str, Module]:
        """Every module by its id."""
        return {module.id: module for module in self.modules}

    @cached_property
    def situations_by_id(self) -> dict[str, Situation]:
        """Every situation of the emergency help by its id."""
        return {situation.id: situation for situation in self.situations}

    @cached_property
    def sheets_by_id(self) -> dict[str, Sheet]:
        """Every sheet to print by its id."""
        return {sheet.id: sheet for sheet in self.sheets}

    @cached_property
    def paths_by_id(self) -> dict[str, LearningPath]:
        """Every way through the curriculum by its id."""
        return {path.id: path for path in self.paths}

    @cached_property
    def items(self) -> tuple[ChecklistItem, ...]:
        """The items of every checklist, in the order of the modules."""
        return tuple(item for module in self.modules for item in module.checklist)

    @cached_property
    def module_of_item(self) -> dict[str, Module]:
        """The module that an item's id belongs to."""
        return {item.id: module for module in self.modules for item in module.checklist}

    @cached_property
    def drills_by_id(self) -> dict[str, Drill]:
        """Every drill by its id."""
        return {drill.id: drill for drill in self.drills}

    @cached_property
    def sources_by_id(self) -> dict[str, Source]:
        """Every source by its id."""
        return {source.id: source for source in self.sources}

    @cached_property
    def threats_by_id(self) -> dict[str, Threat]:
        """Every threat by its id."""
        return {threat.id: threat for threat in self.threats}
