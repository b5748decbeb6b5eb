-- Why a revision was saved, in its author's words, and what changed with it in one line ("2 added,
-- 1 moved"). NULL where nobody said, and for revisions older than these columns.
ALTER TABLE revisions ADD COLUMN reason TEXT;
ALTER TABLE revisions ADD COLUMN summary TEXT;
