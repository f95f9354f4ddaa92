"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "erasure",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_erasure")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "learner",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("key_check", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learner")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "slowed_name",
        sa.Column("tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failures", sa.SmallInteger(), nullable=False),
        sa.Column("retry_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_slowed_name")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "key_wrap",
        sa.Column("tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("learner_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name=op.f("fk_key_wrap_learner_id_learner"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_key_wrap")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("key_wrap", schema=None) as batch_op:
        batch_op.create_index("ix_key_wrap_expires_at", ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_key_wrap_learner_id"), ["learner_id"], unique=False)

    op.create_table(
        "sealed_record",
        sa.Column("learner_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("address", sa.LargeBinary(length=32), nullable=False),
        sa.Column("revision", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name=op.f("fk_sealed_record_learner_id_learner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "address", name=op.f("pk_sealed_record")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:

    op.drop_table("sealed_record")
    with op.batch_alter_table("key_wrap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_key_wrap_learner_id"))
        batch_op.drop_index("ix_key_wrap_expires_at")

    op.drop_table("key_wrap")
    op.drop_table("slowed_name")
    op.drop_table("learner")
    op.drop_table("installation")
    op.drop_table("erasure")
