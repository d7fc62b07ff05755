-- From version 1: keys of fields by which users are found. Values are filled in by the program.

ALTER TABLE users ADD COLUMN external_id_key TEXT;
ALTER TABLE users ADD COLUMN employee_number_key TEXT;
CREATE INDEX users_by_external_id ON users (external_id_key);
CREATE INDEX users_by_employee_number ON users (employee_number_key);
