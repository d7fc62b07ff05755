## Ce que dit le rapport. Un fichier par langue, avec les mêmes messages ; `sentences.*.ftl` contient ce que le moteur et
## les connecteurs disent des personnes.

# Numbers and lists.
people = { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
}
users = { $n ->
    [one] { $n } utilisateur
   *[other] { $n } utilisateurs
}
list-and = { $first } et { $last }
and-more = et { $n } de plus
and-more-attached = et { $n } de plus dans la pièce jointe
and-more-causes = et { $n } causes de plus dans la pièce jointe
others = autres
label = { $text } :
id = id { $id }

# The subject and the first sentence.
subject-stopped = interrompu : { $why }
subject-refused = refusé : { $why }
subject-nothing-to-change = rien à modifier
subject-nothing-changed = rien de modifié
subject-partly-changed = modifié en partie
subject-created = { $n ->
    [one] { $n } créé
   *[other] { $n } créés
}
subject-updated = { $n } mis à jour
subject-reactivated = { $n ->
    [one] { $n } réactivé
   *[other] { $n } réactivés
}
subject-deactivated = { $n ->
    [one] { $n } désactivé
   *[other] { $n } désactivés
}
subject-attention = { $n } à traiter
headline-stopped = L’exécution s’est arrêtée avant la fin : { $why } { $done }
headline-refused = L’exécution a été refusée et rien n’a été modifié : { $why }
headline-attention = { $n ->
    [one] { $n } cas demande une intervention.
   *[other] { $n } cas demandent une intervention.
}
done-created = { $n ->
    [one] { $n } personne a été créée
   *[other] { $n } personnes ont été créées
}
done-updated = { $n ->
    [one] { $n } personne a été mise à jour
   *[other] { $n } personnes ont été mises à jour
}
done-reactivated = { $n ->
    [one] { $n } personne a été réactivée
   *[other] { $n } personnes ont été réactivées
}
done-deactivated = { $n ->
    [one] { $n } personne a été désactivée
   *[other] { $n } personnes ont été désactivées
}
done-also-updated = { $n ->
    [one] { $n } mise à jour
   *[other] { $n } mises à jour
}
done-also-reactivated = { $n ->
    [one] { $n } réactivée
   *[other] { $n } réactivées
}
done-also-deactivated = { $n ->
    [one] { $n } désactivée
   *[other] { $n } désactivées
}
done-groups = { $n ->
    [one] Personne n’a été modifié ; { $n } groupe a été créé.
   *[other] Personne n’a été modifié ; { $n } groupes ont été créés.
}
done-group-changes = { $n ->
    [one] Personne n’a été modifié ; { $n } groupe ou équipe a été renommé ou a reçu une clé.
   *[other] Personne n’a été modifié ; { $n } groupes et équipes ont été renommés ou ont reçu une clé.
}
done-partly = Personne n’a été modifié entièrement ; certaines modifications ont commencé puis échoué.
done-settled = { $n ->
    [one] Rien n’était à modifier : { $n } fiche a été lue, tout est en ordre.
   *[other] Rien n’était à modifier : { $n } fiches ont été lues, tout est en ordre.
}
done-nothing = Rien n’a été modifié.

# What is worth knowing before reading on.
fact-run = { $recipe } : { $source } vers { $target }, pour le { $today }.
fact-finishes = { $n ->
    [one] Cette exécution termine aussi l’exécution interrompue { $runs }.
   *[other] Cette exécution termine aussi les exécutions interrompues { $runs }.
}
fact-approved = Approuvé pour cette exécution et laissé passer : { $approval } ({ $limit }).
fact-linked = { $n ->
    [one] { $n } utilisateur existant a été trouvé pour la première fois et lié à l’employé.
   *[other] { $n } utilisateurs existants ont été trouvés pour la première fois et liés à leurs employés.
}
fact-masked = Les valeurs de { $fields } ne sont pas affichées : la recette les garde confidentielles.
fact-counts-only = Les personnes ne sont nommées que dans la pièce jointe : la recette le veut ainsi.
fact-standing = Parmi celles qui demandent une intervention, { $new } sont nouvelles et { $still } le demandaient déjà à la dernière exécution.
fact-standing-old = Parmi les personnes qui demandent une intervention, aucune n’est nouvelle ; { $still } le demandaient déjà à la dernière exécution.
fact-recovered = { $n ->
    [one] { $n } personne qui demandait une intervention à la dernière exécution n’en demande plus.
   *[other] { $n } personnes qui demandaient une intervention à la dernière exécution n’en demandent plus.
}

# What needs attention.
attention = Ce qui demande une intervention
attention-whose = À qui d’agir
attention-todo = Que faire
attention-where = Où
attention-concerns = Concerne
attention-paste = Prêt à coller
attention-type = À taper, après la commande sync
attention-new = nouveau
cause-refused = L’exécution n’a pas abouti
cause-held = Retenu par le frein
cause-failed = Échec
cause-conflict = Conflit, rien n’a été fait
cause-undecided = Non décidé, il manquait quelque chose
cause-source = À corriger dans HiBob
cause-recipe = À corriger dans la recette ou une table
cause-target = À régler dans la cible
cause-credentials = Identifiants ou autorisations
cause-table-miss = Valeurs qu’aucune ligne de table ne connaît
cause-unreadable = Fiches qui n’ont pas pu être lues
whose-source = données HiBob
whose-recipe = recette ou table
whose-target = cible
whose-credentials = identifiants ou autorisations
whose-reader = à vous : approuver, ou corriger
whose-operator = la personne qui exploite Rollbook
refused-begun = Corrigez cela et relancez la synchronisation : elle reprend à partir de l’état actuel, rien n’est fait deux fois.
refused-not-begun = Corrigez cela et relancez la synchronisation ; d’ici là, tout reste en l’état.
unreadable-record = fiche { $position }
unreadable-todo = Regardez-la dans HiBob ; les fiches sont comptées dans l’ordre où elles sont livrées

# What the brake holds.
held-approve = approuvez avec { $approval }, ou corrigez
held-deactivate = { $n ->
    [one] { $n } personne perdrait l’accès ; la limite est { $limit }
   *[other] { $n } personnes perdraient l’accès ; la limite est { $limit }
}
held-change-login = { $n ->
    [one] { $n } personne se connecterait sous un autre nom ; la limite est { $limit }
   *[other] { $n } personnes se connecteraient sous un autre nom ; la limite est { $limit }
}
held-clear-field = { $n ->
    [one] `{ $field }` serait vidé pour { $n } personne ; la limite est { $limit }
   *[other] `{ $field }` serait vidé pour { $n } personnes ; la limite est { $limit }
}
held-source-shrink = { $n ->
    [one] { $n } employé manque depuis la dernière synchronisation complète ; la limite est { $limit } ; toute fin d’accès est retenue
   *[other] { $n } employés manquent depuis la dernière synchronisation complète ; la limite est { $limit } ; toute fin d’accès est retenue
}
held-target-shrink = { $n ->
    [one] { $n } personne serait créée à nouveau, car son utilisateur a disparu ; la limite est { $limit }
   *[other] { $n } personnes seraient créées à nouveau, car leurs utilisateurs ont disparu ; la limite est { $limit }
}
held-a-field = un champ
held-deactivate-todo = Parcourez les noms. Si toutes ces personnes sont parties, relancez la synchronisation avec les mots ci-dessous. Sinon, cherchez un statut ou une règle qui a été modifié.
held-change-login-todo = Parcourez les noms. Si les nouveaux identifiants sont justes, relancez la synchronisation avec les mots ci-dessous. Sinon, cherchez une correspondance ou une règle d’adresse qui a été modifiée.
held-clear-field-todo = Si le champ doit être vide pour toutes ces personnes, relancez la synchronisation avec les mots ci-dessous. Sinon, cherchez une modification de ce champ dans HiBob ou de sa ligne dans la table.
held-source-shrink-todo = Vérifiez dans HiBob si ces personnes sont vraiment parties, et si l’utilisateur de service peut encore voir tout le monde. Si elles sont parties, relancez la synchronisation avec les mots ci-dessous.
held-target-shrink-todo = Vérifiez si la recette mène à la bonne cible, et si ses utilisateurs ont été perdus ou supprimés. S’ils doivent être créés et invités à nouveau, relancez la synchronisation avec les mots ci-dessous.
held-end-of-access = fin d’accès

# Values that no row knows.
miss-what = { $n ->
    [one] { $n } valeur dans HiBob sans ligne dans `{ $file }`
   *[other] { $n } valeurs dans HiBob sans ligne dans `{ $file }`
}
miss-todo = Corrigez la valeur dans HiBob si c’est la ligne la plus proche mal orthographiée. Sinon, ajoutez une ligne : collez ce qui suit et remplissez les cellules vides.
miss-nearest = { $people } ; la plus proche est `{ $key }` ({ $file }:{ $line })
miss-none-near = { $people } ; aucune ligne n’est proche

# Totals.
totals = Totaux
totals-read = lus
totals-gone = partis
totals-last = dernière exéc.
totals-sum = en tout
totals-unreadable = illisibles
totals-not-reached = non atteints
totals-nothing-read = Aucune fiche n’a été lue.
totals-note = { $n ->
    [one] { $n } fiche a été lue, et chacune figure dans exactement une ligne.
   *[other] { $n } fiches ont été lues, et chacune figure dans exactement une ligne.
}
totals-note-missed = { $n ->
    [one] { $n } fiche a été lue ; l’exécution s’est terminée avant { $missed } d’entre elles.
   *[other] { $n } fiches ont été lues ; l’exécution s’est terminée avant { $missed } d’entre elles.
}
totals-note-gone = « Partis » compte les utilisateurs liés dont l’employé n’est plus livré.
trend = Les dernières exécutions
trend-note = Chaque colonne est une exécution, la plus récente à droite : du { $first } au { $last }. Les petites exécutions sont agrandies pour rester visibles.
trend-changed = créés, mis à jour, réactivés
trend-ended = désactivés
trend-failed = en échec
trend-run = { $time } : { $changed } modifiés, { $ended } désactivés, { $failed } en échec

# How it ended.
kind-created = créés
kind-updated = mis à jour
kind-reactivated = réactivés
kind-deactivated = désactivés
kind-unchanged = inchangés
kind-held = retenus
kind-ignored = ignorés
kind-out-of-scope = hors périmètre
kind-waiting = en attente
kind-undecided = non décidés
kind-conflict = en conflit
kind-protected = protégés
kind-failed = en échec

# Who was changed, and how.
section-updated = Mis à jour ({ $n })
section-created = Créés ({ $n })
section-reactivated = Réactivés ({ $n })
section-deactivated = Désactivés ({ $n })
section-partly = Modifiés en partie avant l’échec ({ $n })
section-recovered = À traiter à la dernière exécution, et plus maintenant ({ $n })
section-no-group = Dans aucun groupe ({ $n })
section-no-group-note = Aucune ligne de la table des groupes ne correspond à ces personnes actives.
section-rules = Laissés tels quels, par règle
section-new-groups = Groupes et équipes créés
section-group-changes = Groupes et équipes modifiés
section-joined-left = Groupes rejoints et quittés
section-timing = Durées et appels
joined-left = { $joined } arrivées, { $left } départs
left-out-of-scope = écartés par le filtre
left-ignored = laissés tels quels en raison de leur statut
left-waiting = attendent leur date d’arrivée
left-protected = jamais touchés
left-others = Pour d’autres raisons, chacune dans la pièce jointe
timing-started = début
timing-altogether = en tout
phase-read = lecture des personnes et des utilisateurs
phase-plan = planification
phase-write = écriture
calls = appels à { $service }
calls-counts = { $reads } en lecture, { $writes } en écriture
group = groupe
team = équipe
group-renamed = renommé en `{ $name }`
group-given-key = a reçu la clé `{ $key }`
run = Exécution { $run }
change-access = accès
change-account = compte
change-account-found = utilisateur existant trouvé et mémorisé
change-joined = rejoint
change-left = quitte
change-fields = champs
change-fields-filled = { $n } remplis ; leurs valeurs sont dans la pièce jointe
access-invited = invité par e-mail
access-with-mail = actif, avec un e-mail de bienvenue
access-without-mail = actif, sans e-mail
status-active = actif
status-inactive = inactif
status-invited = invité
value-empty = (vide)
value-yes = oui
value-no = non

# Notices.
notice-trouble = Rollbook : { $recipe } demande une intervention
notice-well = Rollbook : { $recipe } est de nouveau en ordre
notice-not-done = Non fait :
notice-failed = { $n ->
    [one] { $n } personne en échec ; à qui d’agir :
   *[other] { $n } personnes en échec ; à qui d’agir :
}
notice-held = Retenu jusqu’à ce que quelqu’un ait regardé :
notice-entry = - { $subject } : { $what } (depuis le { $since })
notice-entry-again = - { $subject } : { $what } (depuis le { $since }, { $times } fois)
notice-what-to-do = { $why } ; à faire : { $todo }
notice-more = - et { $n } de plus
notice-how-it-stands = Où en sont les choses : rollbook status. Toute nouveauté est annoncée au plus une fois par heure, et la fin quand tout est rentré dans l’ordre.
notice-over-since = Tout est en ordre depuis le { $since }. Ce qui avait été annoncé est terminé :
notice-over = Tout est de nouveau en ordre.
notice-full-sync = synchronisation complète
notice-real-time = temps réel
notice-see-report = voir le rapport

# The workbook.
book-summary = Résumé
book-attention = À traiter
book-people = Personnes
book-changes = Modifications
book-groups = Groupes
book-left-out = Laissées de côté
book-misses = Valeurs sans ligne
book-topic = Sujet
book-what = Quoi
book-value = Valeur
book-last-run = Dernière exécution
book-cause = Cause
book-happened = Ce qui s’est passé
book-whom = Personne, fiche ou valeur
book-name = Nom
book-id = Identifiant de l’employé
book-email = Adresse e-mail
book-detail = Détail
book-outcome = Résultat
book-before = Avant
book-after = Après
book-rule = Règle
book-file = Fichier
book-line = Ligne
book-user-id = Identifiant de l’utilisateur
book-changed = Modifications
book-groups-joined = Groupes rejoints
book-groups-left = Groupes quittés
book-held = Retenu
book-kind = Type
book-group = Groupe
book-joined = Arrivées
book-left = Départs
book-table = Table
book-unknown = Valeur
book-has = Personnes
book-nearest = Valeur la plus proche
book-paste = Ligne à coller
book-headline = En bref
book-recipe = Recette
book-source = De
book-target = Vers
book-day = Jour
book-started = Début
book-finished = Fin
book-run = Exécution
book-description = Description
book-interrupted = Achève l’exécution interrompue
book-approved = Approuvé pour cette exécution
book-gone = dont disparues de la source
book-read = fiches lues
book-reads = lecture
book-writes = écriture
book-seconds = Secondes
book-made = créé
book-more-of-cell = … (coupé ; la suite : rollbook runs { $run } --format csv)
book-more-rows = et { $n } lignes de plus, qui ne tiennent pas dans une feuille : rollbook runs { $run } --format csv

# What is not attached as a whole.
attached-csv-cut = Le CSV joint s’arrête après { $n } personnes : un e-mail n’en contient pas plus ; `rollbook runs { $run } --format csv` contient tout le monde.
attached-xlsx-too-large = Le classeur n’est pas joint, car il est trop volumineux pour un e-mail ; `rollbook runs { $run } --format xlsx` le produit.
attached-xlsx-not-made = Le classeur n’est pas joint, car le disque manquait de place pour le produire ; `rollbook runs { $run } --format xlsx` le produit dès qu’il y en a.
