//! One person's plan: where they stand, and what user they have, decide what is to be done.

use std::sync::Arc;

use super::matching::Match;
use super::standing::Standing;
use super::{Draft, Planner, findings};
use crate::model::plan::{Changes, PersonPlan, Verdict};
use crate::model::{Access, Cell, EmployeeId, Finding, Reason, Record, Slot, User, UserStatus, Whose};
use crate::script::Session;
use crate::stage::fields::Wanted;
use crate::stage::person::Person;
use crate::stage::provisioning::{Begin, Departure, End};

impl<'a> Planner<'a> {
    /// Decides one person as far as that can be done without looking at others. The draft is a new one of that person.
    pub(super) fn fill_draft(&self, draft: &mut Draft, person: &Person<'a>, session: &mut Session) {
        match self.standing(person, session) {
            Standing::Failed(reason, finding) => {
                draft.report(Verdict::Fail, reason, finding);
                self.contest(draft, person);
            }
            Standing::Undecided(reason, finding) => {
                draft.report(Verdict::Undecided, reason, finding);
                self.contest(draft, person);
            }
            Standing::Ignored(reason, finding) => {
                draft.decide(Verdict::Ignore, reason);
                finding.iter().for_each(|finding| draft.note(finding));
            }
            Standing::OutOfScope(reason) => self.out_of_scope(draft, reason),
            Standing::Inactive(reason) => self.inactive(draft, person, reason),
            Standing::Active(reason) => self.active(draft, person, reason, session),
        }
        if draft.plan.user.is_none() {
            draft.plan.user = self.linked_user(&person.record.id).map(|(_, user)| user.id.clone());
        }
    }

    /// Somebody of whom nothing can be decided may still be the one to whom a user belongs: it is noted, so that nobody
    /// takes the user for theirs or for a leaver's.
    fn contest(&self, draft: &mut Draft, person: &Person<'a>) {
        match self.find_user(person) {
            Match::Found(at, _) | Match::Taken(at, ..) => draft.contested.push(at),
            Match::Several(_, all) => draft.contested = all,
            Match::Unknown(_) => draft.unidentified = true,
            Match::Linked(_) | Match::None => {}
        }
    }

    /// The user found for a person; a match that cannot be settled ends the matter.
    fn matched(&self, draft: &mut Draft, person: &Person<'a>) -> Option<Option<&'a User>> {
        let (at, new_link) = match self.find_user(person) {
            Match::None => return Some(None),
            Match::Linked(at) => (at, None),
            Match::Found(at, reason) => (at, Some(reason)),
            Match::Several(reason, all) => {
                let text = format!("{} users fit this person ({})", all.len(), reason.text);
                draft.contested = all;
                draft.conflict(
                    reason,
                    Whose::Target,
                    text,
                    "merge or rename the users in the target, so that one is left",
                );
                return None;
            }
            Match::Unknown(reason) => {
                let finding = findings::undecided(self.recipe, person, &reason);
                draft.unidentified = true;
                draft.report(Verdict::Undecided, reason, finding);
                return None;
            }
            Match::Taken(at, reason, owner) => {
                let text = format!("the user that fits ({}) belongs to employee {owner} already", reason.text);
                draft.taken = Some(Box::new((at, owner, reason.clone())));
                let source = self.people.source();
                let hint = format!(
                    "if both records are one person, end one of them in {source}; otherwise give one another address"
                );
                draft.conflict(reason, Whose::Source, text, &hint);
                return None;
            }
        };
        Some(Some(self.give(draft, at, new_link)))
    }

    fn give(&self, draft: &mut Draft, at: usize, new_link: Option<Reason>) -> &'a User {
        let user = &self.inputs.users[at];
        draft.user = Some(at);
        draft.plan.user = Some(user.id.clone());
        draft.plan.new_link = new_link;
        user
    }

    /// The plan of somebody who takes over the user of an employee whose access has ended.
    pub(super) fn take_over(
        &self,
        employee: &EmployeeId,
        at: usize,
        link: Reason,
        session: &mut Session,
    ) -> Option<Draft> {
        let record = self.people.get(employee.as_str())?;
        let person = self.person(record, session);
        let Standing::Active(reason) = self.standing(&person, session) else { return None };
        let mut draft = Draft::of(record);
        draft.active = true;
        let user = self.give(&mut draft, at, Some(link));
        self.active_with(&mut draft, &person, Some(user), reason, session);
        Some(draft)
    }

    fn out_of_scope(&self, draft: &mut Draft, reason: Reason) {
        let (departure, rule) = &self.recipe.provisioning.out_of_scope;
        match self.linked_user(&draft.plan.employee) {
            Some((at, user)) if *departure == Departure::Deactivate && user.status != UserStatus::Inactive => {
                draft.user = Some(at);
                draft.plan.user = Some(user.id.clone());
                let text = format!("{}: {}", rule.text, reason.text);
                self.deactivate(draft, user, Reason { text: text.into(), origin: reason.origin });
            }
            _ => draft.decide(Verdict::OutOfScope, reason),
        }
    }

    /// Somebody without access whose address another employee's user has: there is nothing of theirs to end.
    fn inactive(&self, draft: &mut Draft, person: &Person<'a>, reason: Reason) {
        draft.ended = true;
        if let Match::Taken(..) = self.find_user(person) {
            return draft.decide(Verdict::Unchanged, reason);
        }
        match self.matched(draft, person) {
            None => {}
            Some(Some(user)) if user.status != UserStatus::Inactive => self.end_access(draft, person, user, reason),
            Some(_) => draft.decide(Verdict::Unchanged, reason),
        }
    }

    /// Where ending access destroys something, it is not ended on notice, but after the last day.
    fn end_access(&self, draft: &mut Draft, person: &Person<'a>, user: &User, reason: Reason) {
        if !self.recipe.target_catalogue.access_ends_for_good {
            return self.deactivate(draft, user, reason);
        }
        match self.recipe.provisioning.end(person) {
            End::NotYet | End::Over(..) => self.deactivate(draft, user, reason),
            End::After(day, end) => {
                let text = format!("{}: ends after {day}, as the target cannot undo it ({})", end.text, reason.text);
                draft.decide(Verdict::Unchanged, Reason { text: text.into(), origin: end.origin });
            }
            End::Unknown(end) => {
                let finding = findings::undecided(self.recipe, person, &end);
                draft.report(Verdict::Undecided, end, finding);
            }
        }
    }

    fn deactivate(&self, draft: &mut Draft, user: &User, reason: Reason) {
        draft.decide(Verdict::Deactivate, reason);
        draft.status_before = Some(user.status);
        draft.changes();
    }

    fn active(&self, draft: &mut Draft, person: &Person<'a>, reason: Reason, session: &mut Session) {
        draft.active = true;
        if let Some(user) = self.matched(draft, person) {
            self.active_with(draft, person, user, reason, session);
        }
    }

    fn active_with(
        &self,
        draft: &mut Draft,
        person: &Person<'a>,
        user: Option<&User>,
        reason: Reason,
        session: &mut Session,
    ) {
        match user {
            None if !self.may_begin(draft, person) => {}
            None => self.create(draft, person, reason, session),
            Some(user) if user.status == UserStatus::Inactive => self.reactivate(draft, person, user, reason, session),
            Some(user) if user.status == UserStatus::Invited && self.recipe.target_catalogue.invited_are_fixed => {
                self.leave_invited(draft, person, user, session);
            }
            Some(user) => {
                draft.decide(Verdict::Update, reason);
                draft.status_before = Some(user.status);
                if let Some(access) = self.activation(user) {
                    draft.changes().access = Some(access);
                }
                self.fill(draft, person, Some(user), session);
            }
        }
    }

    /// How somebody gets access who was only invited: where the recipe makes users active, they need not wait for that.
    /// It also finishes what a creation that was cut off did not come to.
    fn activation(&self, user: &User) -> Option<Access> {
        let access = self.recipe.provisioning.create;
        let waits = user.status == UserStatus::Invited && access != Access::Invite;
        (waits && self.recipe.target_catalogue.can_activate).then_some(access)
    }

    /// Somebody who has not accepted an invitation yet, where the target lets nothing of theirs be changed until then.
    fn leave_invited(&self, draft: &mut Draft, person: &Person<'a>, user: &User, session: &mut Session) {
        let reason = Reason::plain("invited; what is to be changed is changed once the invitation is accepted");
        draft.decide(Verdict::Unchanged, reason.clone());
        for (login, place) in &self.recipe.logins {
            let Some(rule) = self.recipe.fields.rule(login) else { continue };
            let held = user.cell(*place).value().and_then(|value| value.as_text()).map(super::matching::fold);
            let Wanted::Value(wanted) = rule.wanted(person, session) else { continue };
            if held.is_some() && held != wanted.as_text().map(super::matching::fold) {
                draft.note(&findings::invited_elsewhere(login, &reason));
            }
        }
    }

    /// Whether a new or returning person's first day has come; if not, the draft says why.
    fn may_begin(&self, draft: &mut Draft, person: &Person<'a>) -> bool {
        match self.recipe.provisioning.begin(person) {
            Begin::Now => return true,
            Begin::Later(day, reason) => {
                let text = format!("{}: the first day is {day}", reason.text);
                draft.decide(Verdict::Wait, Reason { text: text.into(), origin: reason.origin });
            }
            Begin::NoDate(reason) => {
                let finding = Finding {
                    whose: Whose::Source,
                    text: "the start date is empty, so this person is not created yet".into(),
                    hint: format!("fill the start date in {}", self.people.source()).into(),
                    reason: Some(reason.clone()),
                };
                draft.report(Verdict::Undecided, reason, finding);
            }
            Begin::Unknown(reason) => {
                let finding = findings::undecided(self.recipe, person, &reason);
                draft.report(Verdict::Undecided, reason, finding);
            }
        }
        false
    }

    fn create(&self, draft: &mut Draft, person: &Person<'a>, reason: Reason, session: &mut Session) {
        draft.decide(Verdict::Create, reason);
        draft.changes().access = Some(self.recipe.provisioning.create);
        draft.changes().fields.reserve_exact(self.recipe.fields.rules.len());
        draft.changes().replaces = self.inputs.memory.links.get(&person.record.id).cloned();
        self.fill(draft, person, None, session);
        self.check_required(draft, person, session);
    }

    fn reactivate(&self, draft: &mut Draft, person: &Person<'a>, user: &User, reason: Reason, session: &mut Session) {
        let (allowed, rule) = &self.recipe.provisioning.reactivate;
        if !allowed {
            return draft.decide(Verdict::Unchanged, rule.clone());
        }
        if !self.may_begin(draft, person) {
            return;
        }
        draft.decide(Verdict::Reactivate, reason);
        draft.status_before = Some(user.status);
        draft.changes().access = Some(self.recipe.provisioning.create);
        self.fill(draft, person, Some(user), session);
    }

    /// What the user should look like, as far as it differs: fields, then groups. References wait until everybody is known.
    fn fill(&self, draft: &mut Draft, person: &Person<'a>, user: Option<&User>, session: &mut Session) {
        self.fill_fields(draft, person, user, session);
        if draft.plan.verdict == Verdict::Fail {
            return;
        }
        if let Err(failure) = self.fill_groups(draft, person, user, session) {
            let finding = findings::refused(&failure.to_string(), failure.own, None);
            draft.report(Verdict::Fail, Reason::plain("a script of the group rules failed"), finding);
        }
    }

    fn check_required(&self, draft: &mut Draft, person: &Person<'a>, session: &mut Session) {
        if draft.plan.verdict != Verdict::Create {
            return;
        }
        let given = |name: &crate::model::FieldName| {
            draft.plan.changes.iter().flat_map(|changes| &changes.fields).any(|change| change.field() == name)
        };
        let fields = &self.recipe.target_catalogue.fields;
        let Some(missing) = fields.iter().find(|field| field.required && !given(&field.name)) else { return };
        let rule = self.recipe.fields.rule(&missing.name);
        let reason = rule.map(|rule| rule.reason().clone());
        let finding = match rule.map(|rule| (rule, rule.wanted(person, session))) {
            Some((rule, Wanted::NotDelivered)) => findings::undecided(self.recipe, person, rule.reason()),
            Some((rule, Wanted::Mismatch(mismatch))) => findings::mismatch(mismatch, rule.reason()),
            _ => Finding {
                whose: Whose::Source,
                text: format!("no user can be made: `{}` is empty, and the target needs it", missing.name).into(),
                hint: format!("fill the field in {}, or leave such people out with a filter", self.people.source())
                    .into(),
                reason: reason.clone(),
            },
        };
        let reason = reason.unwrap_or_else(|| Reason::plain("a field that the target needs is empty"));
        draft.plan.findings.clear();
        draft.report(Verdict::Undecided, reason, finding);
    }

    /// The last word on one person, when everybody else's plan is known.
    pub(super) fn finish(&self, mut draft: Draft) -> Box<PersonPlan> {
        if draft.plan.verdict == Verdict::Update && draft.plan.changes.as_ref().is_none_or(|changes| changes.is_empty())
        {
            draft.plan.verdict = Verdict::Unchanged;
            draft.plan.changes = None;
        }
        if draft.plan.verdict.writes()
            && let Some(user) = draft.user.map(|at| &self.inputs.users[at])
            && self.never_touched(user)
        {
            draft.decide(Verdict::Protected, Reason::plain("the user is on the list `never_touch`"));
            draft.plan.findings.clear();
        }
        draft.plan
    }

    /// Whether a user is on the list of those whom no run changes: by login, by id, or by anything they are identified by.
    pub(super) fn never_touched(&self, user: &User) -> bool {
        let listed = &self.recipe.limits.never_touch;
        if listed.is_empty() {
            return false;
        }
        let is_listed = |text: &str| listed.iter().any(|name| *name == super::matching::fold(text));
        let places = self
            .recipe
            .logins
            .iter()
            .map(|(_, place)| *place)
            .chain(self.recipe.identify.iter().map(|rule| rule.place));
        let mut texts = places.filter_map(|place| user.cell(place).value()).filter_map(|value| value.as_text());
        is_listed(user.id.as_str()) || texts.any(is_listed)
    }
}

impl Draft {
    /// Of somebody about whom nothing is decided yet.
    pub(super) fn of(record: &Record) -> Self {
        let text = |slot: Slot| match record.cell(slot) {
            Cell::Value(crate::model::Value::Text(text)) => Some(Arc::clone(text)),
            _ => None,
        };
        let email = text(Slot::EMAIL);
        let name = text(Slot::NAME).or_else(|| email.clone()).unwrap_or_else(|| Arc::clone(record.id.shared()));
        let plan = Box::new(PersonPlan {
            employee: record.id.clone(),
            name,
            email,
            in_roster: true,
            user: None,
            new_link: None,
            verdict: Verdict::Unchanged,
            reason: Reason { text: Arc::clone(record.id.shared()), origin: None },
            changes: None,
            findings: Vec::new(),
            no_group_rule: false,
        });
        Self {
            plan,
            user: None,
            status_before: None,
            references: Vec::new(),
            active: false,
            ended: false,
            contested: Vec::new(),
            unidentified: false,
            taken: None,
        }
    }

    /// Settles the verdict. One that writes nothing takes the changes away.
    pub(super) fn decide(&mut self, verdict: Verdict, reason: Reason) {
        self.plan.verdict = verdict;
        self.plan.reason = reason;
        if !verdict.writes() {
            self.plan.changes = None;
            self.references.clear();
        }
    }

    pub(super) fn report(&mut self, verdict: Verdict, reason: Reason, finding: Finding) {
        self.decide(verdict, reason);
        self.note(&finding);
    }

    /// Notes what somebody should look at. Many have one such finding, and few have more.
    pub(super) fn note(&mut self, finding: &Finding) {
        self.plan.findings.reserve_exact(1);
        self.plan.findings.push(finding.clone());
    }

    pub(super) fn conflict(&mut self, reason: Reason, whose: Whose, text: String, hint: &str) {
        let finding = Finding { whose, text: text.into(), hint: hint.into(), reason: Some(reason.clone()) };
        self.plan.new_link = None;
        self.report(Verdict::Conflict, reason, finding);
    }

    /// The changes, made when there is the first: most people have none.
    pub(super) fn changes(&mut self) -> &mut Changes {
        let status_before = self.status_before;
        self.plan.changes.get_or_insert_with(|| Box::new(Changes { status_before, ..Changes::default() }))
    }
}
