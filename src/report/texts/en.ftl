## What the report says. One file a language, with the same messages; `sentences.*.ftl` has what the engine and the
## connectors say of people.

# Numbers and lists.
people = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
users = { $n ->
    [one] { $n } user
   *[other] { $n } users
}
list-and = { $first } and { $last }
and-more = and { $n } more
and-more-attached = and { $n } more in what is attached
and-more-causes = and { $n } more causes in what is attached
others = others
label = { $text }:
id = id { $id }

# The subject and the first sentence.
subject-stopped = stopped: { $why }
subject-refused = refused: { $why }
subject-nothing-to-change = nothing to change
subject-nothing-changed = nothing changed
subject-partly-changed = partly changed
subject-created = { $n } created
subject-updated = { $n } updated
subject-reactivated = { $n } reactivated
subject-deactivated = { $n } deactivated
subject-attention = { $n ->
    [one] { $n } needs attention
   *[other] { $n } need attention
}
headline-stopped = The run stopped early: { $why } { $done }
headline-refused = The run was refused and nothing was changed: { $why }
headline-attention = { $n ->
    [one] { $n } needs attention.
   *[other] { $n } need attention.
}
done-created = { $n ->
    [one] { $n } person was created
   *[other] { $n } people were created
}
done-updated = { $n ->
    [one] { $n } person was updated
   *[other] { $n } people were updated
}
done-reactivated = { $n ->
    [one] { $n } person was reactivated
   *[other] { $n } people were reactivated
}
done-deactivated = { $n ->
    [one] { $n } person was deactivated
   *[other] { $n } people were deactivated
}
done-also-updated = { $n } updated
done-also-reactivated = { $n } reactivated
done-also-deactivated = { $n } deactivated
done-groups = { $n ->
    [one] Nobody was changed; { $n } group was made.
   *[other] Nobody was changed; { $n } groups were made.
}
done-group-changes = { $n ->
    [one] Nobody was changed; { $n } group or team was renamed or given a key.
   *[other] Nobody was changed; { $n } groups and teams were renamed or given a key.
}
done-partly = Nobody was changed in full; some changes were begun and then failed.
done-settled = { $n ->
    [one] Nothing had to be changed: { $n } record was read, all is as it should be.
   *[other] Nothing had to be changed: { $n } records were read, all is as it should be.
}
done-nothing = Nothing was changed.

# What is worth knowing before reading on.
fact-run = { $recipe }: { $source } to { $target }, for { $today }.
fact-finishes = { $n ->
    [one] This run also finishes the interrupted run { $runs }.
   *[other] This run also finishes the interrupted runs { $runs }.
}
fact-approved = Approved for this run and let through: { $approval } ({ $limit }).
fact-linked = { $n ->
    [one] { $n } existing user was found for the first time and linked to the employee.
   *[other] { $n } existing users were found for the first time and linked to their employees.
}
fact-masked = Values of { $fields } are not shown: the recipe keeps them private.
fact-counts-only = People are named only in what is attached: the recipe wants it so.
fact-standing = Of those who need attention, { $new } are new and { $still } needed it in the last run as well.
fact-standing-old = Of those who need attention, nobody is new; all { $still } needed it in the last run as well.
fact-recovered = { $n ->
    [one] { $n } person who needed attention in the last run needs it no longer.
   *[other] { $n } people who needed attention in the last run need it no longer.
}

# What needs attention.
attention = What needs attention
attention-whose = Whose move
attention-todo = What to do
attention-where = Where
attention-concerns = Concerns
attention-paste = Ready to paste
attention-type = Type, after the sync command
attention-new = new
cause-refused = The run did not go through
cause-held = Held by the brake
cause-failed = Failed
cause-conflict = Conflict, nothing was done
cause-undecided = Not decided, something was not delivered
cause-source = To put right in HiBob
cause-recipe = To put right in the recipe or a table
cause-target = To settle in the target
cause-credentials = Credentials or permissions
cause-table-miss = Values that no table row knows
cause-unreadable = Records that could not be read
whose-source = HiBob data
whose-recipe = recipe or table
whose-target = target
whose-credentials = credentials or permissions
whose-reader = yours: approve it, or put it right
whose-operator = whoever runs Rollbook
refused-begun = Put that right and run the sync again: it goes on from what is there now, nothing is done twice.
refused-not-begun = Put that right and run the sync again; until then everything stays as it is.
unreadable-record = record { $position }
unreadable-todo = Look at it in HiBob; records are counted in the order they are delivered

# What the brake holds.
held-approve = approve with { $approval }, or put it right
held-deactivate = { $n ->
    [one] { $n } person would lose access; the limit is { $limit }
   *[other] { $n } people would lose access; the limit is { $limit }
}
held-change-login = { $n ->
    [one] { $n } person would log in with another name; the limit is { $limit }
   *[other] { $n } people would log in with another name; the limit is { $limit }
}
held-clear-field = { $n ->
    [one] `{ $field }` would be emptied for { $n } person; the limit is { $limit }
   *[other] `{ $field }` would be emptied for { $n } people; the limit is { $limit }
}
held-source-shrink = { $n ->
    [one] { $n } employee is missing since the last full sync; the limit is { $limit }; every end of access is held
   *[other] { $n } employees are missing since the last full sync; the limit is { $limit }; every end of access is held
}
held-target-shrink = { $n ->
    [one] { $n } person would be created again, because their user is gone; the limit is { $limit }
   *[other] { $n } people would be created again, because their users are gone; the limit is { $limit }
}
held-a-field = a field
held-deactivate-todo = Go through the names. If all of them have left, run the sync again with the words below. If not, look for a status or rule that was changed.
held-change-login-todo = Go through the names. If the new logins are right, run the sync again with the words below. If not, look for a mapping or an address rule that was changed.
held-clear-field-todo = If it is meant to be empty for all of them, run the sync again with the words below. If not, look for a change to this field in HiBob or to its row in the table.
held-source-shrink-todo = See in HiBob whether these people are really gone, and whether the service user may still see everybody. If they are gone, run the sync again with the words below.
held-target-shrink-todo = See whether the recipe leads to the right target, and whether its users were lost or deleted. If they are to be created and invited again, run the sync again with the words below.
held-end-of-access = end of access

# Values that no row knows.
miss-what = { $n ->
    [one] { $n } value in HiBob without a row in `{ $file }`
   *[other] { $n } values in HiBob without a row in `{ $file }`
}
miss-todo = Correct the value in HiBob if it is the nearest row misspelt. If not, add a row: paste what stands below and fill in the empty cells.
miss-nearest = { $people }; nearest is `{ $key }` ({ $file }:{ $line })
miss-none-near = { $people }; no row is near

# Totals.
totals = Totals
totals-read = read
totals-gone = gone
totals-last = last run
totals-sum = altogether
totals-unreadable = unreadable
totals-not-reached = not reached
totals-nothing-read = No records were read.
totals-note = { $n ->
    [one] { $n } record was read, and each is in exactly one row.
   *[other] { $n } records were read, and each is in exactly one row.
}
totals-note-missed = { $n ->
    [one] { $n } record was read; the run ended before { $missed } of them.
   *[other] { $n } records were read; the run ended before { $missed } of them.
}
totals-note-gone = “Gone” counts linked users whose employee is no longer delivered.
trend = The last runs
trend-note = Each column is a run, the newest at the right: { $first } to { $last }. Small runs are drawn higher than their share, so that they can be seen.
trend-changed = created, updated, reactivated
trend-ended = deactivated
trend-failed = failed
trend-run = { $time }: { $changed } changed, { $ended } deactivated, { $failed } failed

# How it ended.
kind-created = created
kind-updated = updated
kind-reactivated = reactivated
kind-deactivated = deactivated
kind-unchanged = unchanged
kind-held = held
kind-ignored = ignored
kind-out-of-scope = out of scope
kind-waiting = waiting
kind-undecided = undecided
kind-conflict = conflict
kind-protected = protected
kind-failed = failed

# Who was changed, and how.
section-updated = Updated ({ $n })
section-created = Created ({ $n })
section-reactivated = Reactivated ({ $n })
section-deactivated = Deactivated ({ $n })
section-partly = Changed in part before it failed ({ $n })
section-recovered = Needed attention in the last run, and no longer ({ $n })
section-no-group = In no group ({ $n })
section-no-group-note = No row of the groups table matches these active people.
section-rules = Left alone, by rule
section-new-groups = Groups and teams that were made
section-group-changes = Groups and teams that were changed
section-joined-left = Groups that people joined and left
section-timing = Timing and calls
joined-left = { $joined } joined, { $left } left
left-out-of-scope = left out by the filter
left-ignored = left alone by their status
left-waiting = waiting for their start date
left-protected = never touched
left-others = For other reasons, each in what is attached
timing-started = started
timing-altogether = altogether
phase-read = read people and users
phase-plan = plan
phase-write = write
calls = calls of { $service }
calls-counts = { $reads } that read, { $writes } that write
group = group
team = team
group-renamed = renamed to `{ $name }`
group-given-key = given the key `{ $key }`
run = Run { $run }
change-access = access
change-account = account
change-account-found = existing user found and remembered
change-joined = joined
change-left = left
change-fields = fields
change-fields-filled = { $n } filled in; their values are in what is attached
access-invited = invited by mail
access-with-mail = active, with a welcome mail
access-without-mail = active, without a mail
status-active = active
status-inactive = inactive
status-invited = invited
value-empty = (empty)
value-yes = yes
value-no = no

# Notices.
notice-trouble = Rollbook: { $recipe } needs attention
notice-well = Rollbook: { $recipe } is well again
notice-not-done = Not done:
notice-failed = { $n ->
    [one] { $n } person failed; whose move it is:
   *[other] { $n } people failed; whose move it is:
}
notice-held = Held until somebody has looked:
notice-entry = - { $subject }: { $what } (since { $since })
notice-entry-again = - { $subject }: { $what } (since { $since }, { $times } times)
notice-what-to-do = { $why }; what to do: { $todo }
notice-more = - and { $n } more
notice-how-it-stands = How it stands now: rollbook status. Something new is told at most once an hour, and the end of it when all is well.
notice-over-since = Nothing has been wrong since { $since }. What had been told is over:
notice-over = Nothing is wrong any more.
notice-full-sync = full sync
notice-real-time = real time
notice-see-report = see the report

# The workbook.
book-summary = Summary
book-attention = Needs attention
book-people = People
book-changes = Changes
book-groups = Groups
book-left-out = Left out
book-misses = Values without a row
book-topic = Topic
book-what = What
book-value = Value
book-last-run = Last run
book-cause = Cause
book-happened = What happened
book-whom = Person, record or value
book-name = Name
book-id = Employee id
book-email = Address
book-detail = Detail
book-outcome = Outcome
book-before = Before
book-after = After
book-rule = Rule
book-file = File
book-line = Line
book-user-id = User id
book-changed = Changes
book-groups-joined = Groups joined
book-groups-left = Groups left
book-held = Held
book-kind = Kind
book-group = Group
book-joined = Joined
book-left = Left
book-table = Table
book-unknown = Value
book-has = People
book-nearest = Nearest value
book-paste = Row to paste
book-headline = In short
book-recipe = Recipe
book-source = From
book-target = To
book-day = Day
book-started = Started
book-finished = Finished
book-run = Run
book-description = Description
book-interrupted = Finishes the interrupted run
book-approved = Approved for this run
book-gone = of them gone from the source
book-read = records read
book-reads = reading
book-writes = writing
book-seconds = Seconds
book-made = made
book-more-of-cell = … (cut; the rest: rollbook runs { $run } --format csv)
book-more-rows = and { $n } more rows, for which a sheet has no room: rollbook runs { $run } --format csv

# What is not attached as a whole.
attached-csv-cut = The attached CSV ends after { $n } people, as a mail has no room for more; `rollbook runs { $run } --format csv` has everybody.
attached-xlsx-too-large = The workbook is not attached, as it is too large for a mail; `rollbook runs { $run } --format xlsx` makes it.
attached-xlsx-not-made = The workbook is not attached, as the disk had no room to make it; `rollbook runs { $run } --format xlsx` makes it once there is room.
