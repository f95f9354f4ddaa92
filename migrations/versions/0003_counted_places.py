"""How many are in a cohort is counted in an index alone"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_membership_presence", "membership", ["cohort_id", "role", "left_on", "learner_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_membership_presence", "membership")
