-- +goose Up

-- A member's own links: the calendar over all their plans.
CREATE INDEX pass_member ON pass (member, created, hash) WHERE member <> '';
