-- +goose Up

-- What a workspace's new plans begin with: its own closed days as JSON, and the
-- month in which its fiscal year begins (0: January, unsaid).
ALTER TABLE workspace ADD COLUMN closed TEXT NOT NULL DEFAULT '[]';
ALTER TABLE workspace ADD COLUMN fiscal INTEGER NOT NULL DEFAULT 0;
