-- What is ours, one row for each user and kind instead of one for each membership and reference: a first sync puts
-- everybody into ten groups. `items` is a sorted JSON list of pairs of name and value.
CREATE TABLE ours (
    recipe  TEXT NOT NULL,
    what    TEXT NOT NULL,
    user_id TEXT NOT NULL,
    items   TEXT NOT NULL,
    PRIMARY KEY (recipe, what, user_id)
);

INSERT INTO ours (recipe, what, user_id, items)
    SELECT recipe, what, user_id, '[' || string_agg(CAST(json_array(name, value) AS TEXT), ',') || ']'
    FROM (SELECT * FROM owned ORDER BY recipe, user_id, what, name, value) AS owned_in_order
    GROUP BY recipe, what, user_id;

DROP TABLE owned;
