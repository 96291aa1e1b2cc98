"""The words of the full text kept, so that they can be taken back when an article is coded again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_lines",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_search_lines_document_id_documents")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_search_lines")),
    )
