## Was der Bericht sagt. Eine Datei je Sprache, mit denselben Texten; in `sentences.*.ftl` steht, was Engine und Konnektoren
## über Personen sagen.

# Numbers and lists.
people = { $n ->
    [one] { $n } Person
   *[other] { $n } Personen
}
users = { $n } Benutzer
list-and = { $first } und { $last }
and-more = und { $n } weitere
and-more-attached = und { $n } weitere im Anhang
and-more-causes = und { $n } weitere Ursachen im Anhang
others = andere
label = { $text }:
id = ID { $id }

# The subject and the first sentence.
subject-stopped = abgebrochen: { $why }
subject-refused = verweigert: { $why }
subject-nothing-to-change = nichts zu ändern
subject-nothing-changed = nichts geändert
subject-partly-changed = teilweise geändert
subject-created = { $n } angelegt
subject-updated = { $n } aktualisiert
subject-reactivated = { $n } reaktiviert
subject-deactivated = { $n } deaktiviert
subject-attention = { $n } zu klären
headline-stopped = Der Lauf wurde vorzeitig beendet: { $why } { $done }
headline-refused = Der Lauf wurde verweigert, nichts wurde geändert: { $why }
headline-attention = { $n ->
    [one] { $n } Fall ist zu klären.
   *[other] { $n } Fälle sind zu klären.
}
done-created = { $n ->
    [one] { $n } Person wurde angelegt
   *[other] { $n } Personen wurden angelegt
}
done-updated = { $n ->
    [one] { $n } Person wurde aktualisiert
   *[other] { $n } Personen wurden aktualisiert
}
done-reactivated = { $n ->
    [one] { $n } Person wurde reaktiviert
   *[other] { $n } Personen wurden reaktiviert
}
done-deactivated = { $n ->
    [one] { $n } Person wurde deaktiviert
   *[other] { $n } Personen wurden deaktiviert
}
done-also-updated = { $n } aktualisiert
done-also-reactivated = { $n } reaktiviert
done-also-deactivated = { $n } deaktiviert
done-groups = { $n ->
    [one] Niemand wurde geändert; { $n } Gruppe wurde angelegt.
   *[other] Niemand wurde geändert; { $n } Gruppen wurden angelegt.
}
done-group-changes = { $n ->
    [one] Niemand wurde geändert; { $n } Gruppe oder Team wurde umbenannt oder erhielt einen Schlüssel.
   *[other] Niemand wurde geändert; { $n } Gruppen und Teams wurden umbenannt oder erhielten einen Schlüssel.
}
done-partly = Niemand wurde vollständig geändert; einige Änderungen wurden begonnen und schlugen dann fehl.
done-settled = { $n ->
    [one] Es gab nichts zu ändern: { $n } Datensatz wurde gelesen, alles ist in Ordnung.
   *[other] Es gab nichts zu ändern: { $n } Datensätze wurden gelesen, alles ist in Ordnung.
}
done-nothing = Nichts wurde geändert.

# What is worth knowing before reading on.
fact-run = { $recipe }: { $source } nach { $target }, für den { $today }.
fact-finishes = { $n ->
    [one] Dieser Lauf beendet auch den unterbrochenen Lauf { $runs }.
   *[other] Dieser Lauf beendet auch die unterbrochenen Läufe { $runs }.
}
fact-approved = Für diesen Lauf freigegeben und durchgelassen: { $approval } ({ $limit }).
fact-linked = { $n ->
    [one] { $n } vorhandener Benutzer wurde erstmals gefunden und mit dem Mitarbeiter verknüpft.
   *[other] { $n } vorhandene Benutzer wurden erstmals gefunden und mit ihren Mitarbeitern verknüpft.
}
fact-masked = Werte von { $fields } sind nicht gezeigt: Das Rezept hält sie zurück.
fact-counts-only = Personen sind nur im Anhang genannt: Das Rezept will es so.
fact-standing = Von den Personen, bei denen etwas zu klären ist, sind { $new } neu; bei { $still } war es schon beim letzten Lauf so.
fact-standing-old = Bei den Personen, bei denen etwas zu klären ist, ist nichts neu; bei allen { $still } war es schon beim letzten Lauf so.
fact-recovered = { $n ->
    [one] Bei { $n } Person, bei der im letzten Lauf etwas zu klären war, ist es erledigt.
   *[other] Bei { $n } Personen, bei denen im letzten Lauf etwas zu klären war, ist es erledigt.
}

# What needs attention.
attention = Was zu klären ist
attention-whose = Wer ist am Zug
attention-todo = Was zu tun ist
attention-where = Wo
attention-concerns = Betrifft
attention-paste = Fertig zum Einfügen
attention-type = Nach dem Befehl sync einzugeben
attention-new = neu
cause-refused = Der Lauf ging nicht durch
cause-held = Von der Bremse angehalten
cause-failed = Fehlgeschlagen
cause-conflict = Konflikt, nichts wurde getan
cause-undecided = Nicht entschieden, etwas wurde nicht geliefert
cause-source = In HiBob zu berichtigen
cause-recipe = Im Rezept oder in einer Tabelle zu berichtigen
cause-target = Im Zielsystem zu klären
cause-credentials = Zugangsdaten oder Berechtigungen
cause-table-miss = Werte, die keine Tabellenzeile kennt
cause-unreadable = Datensätze, die nicht lesbar waren
whose-source = HiBob-Daten
whose-recipe = Rezept oder Tabelle
whose-target = Zielsystem
whose-credentials = Zugangsdaten oder Berechtigungen
whose-reader = Sie: freigeben oder berichtigen
whose-operator = wer Rollbook betreibt
refused-begun = Beheben Sie das und starten Sie den Abgleich erneut: Er setzt beim jetzigen Stand fort, nichts geschieht doppelt.
refused-not-begun = Beheben Sie das und starten Sie den Abgleich erneut; bis dahin bleibt alles, wie es ist.
unreadable-record = Datensatz { $position }
unreadable-todo = Sehen Sie ihn in HiBob an; Datensätze sind in der Reihenfolge gezählt, in der sie geliefert werden

# What the brake holds.
held-approve = mit { $approval } freigeben oder berichtigen
held-deactivate = { $n ->
    [one] { $n } Person würde den Zugang verlieren; die Grenze ist { $limit }
   *[other] { $n } Personen würden den Zugang verlieren; die Grenze ist { $limit }
}
held-change-login = { $n ->
    [one] { $n } Person würde sich mit einem anderen Namen anmelden; die Grenze ist { $limit }
   *[other] { $n } Personen würden sich mit einem anderen Namen anmelden; die Grenze ist { $limit }
}
held-clear-field = { $n ->
    [one] `{ $field }` würde bei { $n } Person geleert; die Grenze ist { $limit }
   *[other] `{ $field }` würde bei { $n } Personen geleert; die Grenze ist { $limit }
}
held-source-shrink = { $n ->
    [one] { $n } Mitarbeiter fehlt seit dem letzten vollen Abgleich; die Grenze ist { $limit }; jedes Ende eines Zugangs ist angehalten
   *[other] { $n } Mitarbeiter fehlen seit dem letzten vollen Abgleich; die Grenze ist { $limit }; jedes Ende eines Zugangs ist angehalten
}
held-target-shrink = { $n ->
    [one] { $n } Person würde erneut angelegt, weil ihr Benutzer verschwunden ist; die Grenze ist { $limit }
   *[other] { $n } Personen würden erneut angelegt, weil ihre Benutzer verschwunden sind; die Grenze ist { $limit }
}
held-a-field = ein Feld
held-deactivate-todo = Gehen Sie die Namen durch. Sind alle ausgeschieden, starten Sie den Abgleich mit den Worten unten erneut. Wenn nicht, suchen Sie nach einem Status oder einer Regel, die geändert wurde.
held-change-login-todo = Gehen Sie die Namen durch. Sind die neuen Anmeldenamen richtig, starten Sie den Abgleich mit den Worten unten erneut. Wenn nicht, suchen Sie nach einer Zuordnung oder einer Adressregel, die geändert wurde.
held-clear-field-todo = Soll das Feld bei allen leer sein, starten Sie den Abgleich mit den Worten unten erneut. Wenn nicht, suchen Sie nach einer Änderung dieses Feldes in HiBob oder seiner Zeile in der Tabelle.
held-source-shrink-todo = Sehen Sie in HiBob nach, ob diese Personen wirklich weg sind und ob der Service-User noch alle sehen darf. Sind sie weg, starten Sie den Abgleich mit den Worten unten erneut.
held-target-shrink-todo = Sehen Sie nach, ob das Rezept zum richtigen Zielsystem führt und ob dort Benutzer verloren gingen oder gelöscht wurden. Sollen sie neu angelegt und eingeladen werden, starten Sie den Abgleich mit den Worten unten erneut.
held-end-of-access = Ende des Zugangs

# Values that no row knows.
miss-what = { $n ->
    [one] { $n } Wert in HiBob ohne Zeile in `{ $file }`
   *[other] { $n } Werte in HiBob ohne Zeile in `{ $file }`
}
miss-todo = Berichtigen Sie den Wert in HiBob, wenn er die nächstgelegene Zeile in falscher Schreibweise ist. Wenn nicht, ergänzen Sie eine Zeile: Fügen Sie ein, was unten steht, und füllen Sie die leeren Zellen.
miss-nearest = { $people }; am nächsten liegt `{ $key }` ({ $file }:{ $line })
miss-none-near = { $people }; keine Zeile ist ähnlich

# Totals.
totals = Summen
totals-read = gelesen
totals-gone = weg
totals-last = letzter Lauf
totals-sum = insgesamt
totals-unreadable = unlesbar
totals-not-reached = nicht erreicht
totals-nothing-read = Es wurden keine Datensätze gelesen.
totals-note = { $n ->
    [one] { $n } Datensatz wurde gelesen und steht in genau einer Zeile.
   *[other] { $n } Datensätze wurden gelesen, und jeder steht in genau einer Zeile.
}
totals-note-missed = { $n ->
    [one] { $n } Datensatz wurde gelesen; der Lauf endete vor { $missed } davon.
   *[other] { $n } Datensätze wurden gelesen; der Lauf endete vor { $missed } davon.
}
totals-note-gone = „Weg“ zählt verknüpfte Benutzer, deren Mitarbeiter nicht mehr geliefert wird.
trend = Die letzten Läufe
trend-note = Jede Säule ist ein Lauf, der neueste rechts: { $first } bis { $last }. Kleine Läufe sind höher gezeichnet als ihr Anteil, damit man sie sieht.
trend-changed = angelegt, aktualisiert, reaktiviert
trend-ended = deaktiviert
trend-failed = fehlgeschlagen
trend-run = { $time }: { $changed } geändert, { $ended } deaktiviert, { $failed } fehlgeschlagen

# How it ended.
kind-created = angelegt
kind-updated = aktualisiert
kind-reactivated = reaktiviert
kind-deactivated = deaktiviert
kind-unchanged = unverändert
kind-held = angehalten
kind-ignored = übergangen
kind-out-of-scope = ausgenommen
kind-waiting = wartend
kind-undecided = nicht entschieden
kind-conflict = im Konflikt
kind-protected = geschützt
kind-failed = fehlgeschlagen

# Who was changed, and how.
section-updated = Aktualisiert ({ $n })
section-created = Angelegt ({ $n })
section-reactivated = Reaktiviert ({ $n })
section-deactivated = Deaktiviert ({ $n })
section-partly = Teilweise geändert, dann fehlgeschlagen ({ $n })
section-recovered = Im letzten Lauf zu klären, jetzt nicht mehr ({ $n })
section-no-group = In keiner Gruppe ({ $n })
section-no-group-note = Keine Zeile der Gruppentabelle passt auf diese aktiven Personen.
section-rules = Unverändert gelassen, nach Regel
section-new-groups = Angelegte Gruppen und Teams
section-group-changes = Geänderte Gruppen und Teams
section-joined-left = Gruppen, denen Personen beitraten oder die sie verließen
section-timing = Zeiten und Aufrufe
joined-left = { $joined } beigetreten, { $left } ausgetreten
left-out-of-scope = vom Filter ausgenommen
left-ignored = wegen ihres Status übergangen
left-waiting = warten auf ihren Eintritt
left-protected = nie angefasst
left-others = Aus anderen Gründen, jeder im Anhang
timing-started = Beginn
timing-altogether = insgesamt
phase-read = Personen und Benutzer lesen
phase-plan = planen
phase-write = schreiben
calls = Aufrufe von { $service }
calls-counts = { $reads } lesend, { $writes } schreibend
group = Gruppe
team = Team
group-renamed = umbenannt in `{ $name }`
group-given-key = erhielt den Schlüssel `{ $key }`
run = Lauf { $run }
change-access = Zugang
change-account = Konto
change-account-found = vorhandener Benutzer gefunden und gemerkt
change-joined = beigetreten
change-left = ausgetreten
change-fields = Felder
change-fields-filled = { $n } ausgefüllt; ihre Werte stehen im Anhang
access-invited = per E-Mail eingeladen
access-with-mail = aktiv, mit Begrüßungsmail
access-without-mail = aktiv, ohne E-Mail
status-active = aktiv
status-inactive = inaktiv
status-invited = eingeladen
value-empty = (leer)
value-yes = ja
value-no = nein

# Notices.
notice-trouble = Rollbook: { $recipe } braucht Aufmerksamkeit
notice-well = Rollbook: { $recipe } ist wieder in Ordnung
notice-not-done = Nicht erledigt:
notice-failed = { $n ->
    [one] { $n } Person fehlgeschlagen; wer am Zug ist:
   *[other] { $n } Personen fehlgeschlagen; wer am Zug ist:
}
notice-held = Angehalten, bis jemand nachgesehen hat:
notice-entry = - { $subject }: { $what } (seit { $since })
notice-entry-again = - { $subject }: { $what } (seit { $since }, { $times }-mal)
notice-what-to-do = { $why }; zu tun: { $todo }
notice-more = - und { $n } weitere
notice-how-it-stands = Wie es jetzt steht: rollbook status. Neues wird höchstens einmal je Stunde gemeldet, und das Ende, sobald alles in Ordnung ist.
notice-over-since = Seit { $since } ist alles in Ordnung. Was gemeldet wurde, ist vorbei:
notice-over = Alles ist wieder in Ordnung.
notice-full-sync = voller Abgleich
notice-real-time = Echtzeit
notice-see-report = siehe Bericht

# The workbook.
book-summary = Übersicht
book-attention = Zu klären
book-people = Personen
book-changes = Änderungen
book-groups = Gruppen
book-left-out = Nicht einbezogen
book-misses = Werte ohne Zeile
book-topic = Thema
book-what = Was
book-value = Wert
book-last-run = Letzter Lauf
book-cause = Ursache
book-happened = Was geschehen ist
book-whom = Person, Datensatz oder Wert
book-name = Name
book-id = Personal-ID
book-email = E-Mail-Adresse
book-detail = Einzelheiten
book-outcome = Ergebnis
book-before = Vorher
book-after = Nachher
book-rule = Regel
book-file = Datei
book-line = Zeile
book-user-id = Benutzer-ID
book-changed = Änderungen
book-groups-joined = Gruppen beigetreten
book-groups-left = Gruppen verlassen
book-held = Angehalten
book-kind = Art
book-group = Gruppe
book-joined = Beitritte
book-left = Austritte
book-table = Tabelle
book-unknown = Wert
book-has = Personen
book-nearest = Nächster Wert
book-paste = Zeile zum Einfügen
book-headline = Kurz gesagt
book-recipe = Rezept
book-source = Von
book-target = Nach
book-day = Tag
book-started = Beginn
book-finished = Ende
book-run = Lauf
book-description = Beschreibung
book-interrupted = Beendet den unterbrochenen Lauf
book-approved = Für diesen Lauf freigegeben
book-gone = davon nicht mehr in der Quelle
book-read = gelesene Datensätze
book-reads = lesend
book-writes = schreibend
book-seconds = Sekunden
book-made = angelegt
book-more-of-cell = … (gekürzt; der Rest: rollbook runs { $run } --format csv)
book-more-rows = und { $n } weitere Zeilen, für die ein Blatt keinen Platz hat: rollbook runs { $run } --format csv

# What is not attached as a whole.
attached-csv-cut = Die angehängte CSV-Datei endet nach { $n } Personen, weil eine E-Mail nicht mehr fasst; `rollbook runs { $run } --format csv` enthält alle.
attached-xlsx-too-large = Die Arbeitsmappe ist nicht angehängt, weil sie für eine E-Mail zu groß ist; `rollbook runs { $run } --format xlsx` erstellt sie.
attached-xlsx-not-made = Die Arbeitsmappe ist nicht angehängt, weil auf der Festplatte kein Platz war, sie zu erstellen; `rollbook runs { $run } --format xlsx` erstellt sie, sobald Platz ist.
