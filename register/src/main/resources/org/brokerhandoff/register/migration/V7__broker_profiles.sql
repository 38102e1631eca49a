-- DirectoryPublished: what the person is told of the broker besides its name.
ALTER TABLE broker ADD COLUMN cookie_policy ${text};
ALTER TABLE broker ADD COLUMN contact ${text};
ALTER TABLE broker ADD COLUMN role ${text};

-- They may be in events that were projected already: everything is projected anew.
DELETE FROM projected_position;
DELETE FROM policy;
DELETE FROM broker;
DELETE FROM assignment;
DELETE FROM refusal;
DELETE FROM released_assignment;
DELETE FROM undecided_attempt;
DELETE FROM notice;
DELETE FROM cookie_choice;
DELETE FROM signup;
