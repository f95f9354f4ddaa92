"""Files of incidents on their way out: what they are called, and whether they are as they were added."""

from hashlib import sha256

from app.learning.incidents import EvidenceFile, Incident
from app.records.attachments import SealedFile, read
from app.records.database import Database
from app.records.failures import RecordDamaged


def sealed_file(file: EvidenceFile) -> SealedFile | None:
    """What opens a file, or None for one whose key stayed on another machine."""
    return SealedFile(bytes.fromhex(file.id), bytes.fromhex(file.key), file.size) if file.key else None


def file_name(incident: Incident, file: EvidenceFile) -> str:
    """A name of our own: the incident's day, the file's number, and the ending of what it is."""
    return f"{incident.day.isoformat()}-{incident.files.index(file) + 1}.{file.kind.value}"


def is_whole(database: Database, learner_id: bytes, file: EvidenceFile) -> bool:
    """Whether every piece is there and what they make has the hash of when it was added. Holds one piece at a time."""
    sealed, digest = sealed_file(file), sha256()
    if sealed is None:
        return False
    try:
        for piece in read(database, learner_id, sealed):
            digest.update(piece)
    except RecordDamaged:
        return False
    return digest.hexdigest() == file.sha256
