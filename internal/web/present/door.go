package present

import (
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// waits reports that somebody is here, or at the door, whom no lead of their
// side has let in.
func waits(q *plan.Person) bool { return (q.Joined || q.Asking) && q.Verified == "" && !q.Left }

// newcomer is what is known of who waits.
func (pr *presenter) newcomer(q *plan.Person) string {
	switch {
	case q.Email.Value == "":
		return pr.l.T("state.newcomer.noMail")
	case q.Proven:
		return pr.l.T("door.newcomer.proven", "Email", q.Email.Value)
	case q.Asking && !pr.v.Mail:
		return pr.l.T("door.newcomer.noMail", "Email", q.Email.Value)
	}
	return pr.l.T("state.newcomer.unverified", "Email", q.Email.Value)
}

// door says how somebody came in, or what keeps them out, and what the reader
// may do about it.
func (pr *presenter) door(m *view.Member, q *plan.Person) {
	v, p := pr.v, pr.p
	mine, own, leads := q.Side == v.Side(), q.ID == v.Me.ID, pr.moves && p.Leads(v.Me.ID)
	m.Language, m.Salutation, m.Note = q.Language, q.Salutation.Value, q.Note.Value
	m.Door, m.DoorOpen = pr.doorSays(q)
	m.MayRelease = leads && mine && !own && q.Access == plan.None && !q.Asking
	m.MayName = leads && !mine && v.Side() == p.Home && q.Access == plan.None && !waits(q) && p.Phase != plan.Draft && len(p.LeadsOf(q.Side)) == 0
	m.MayInvite = pr.moves && v.MayInvite(q)
	m.MayHand = pr.moves && v.MayHandOver(q)
	m.MayWithdraw = leads && mine && !own && q.Access != plan.None
	m.MayEnd = m.MayWithdraw && (q.Access != plan.Lead || len(p.LeadsOf(q.Side)) > 1)
	if waits(q) && !pr.mayLetIn(q) {
		m.Note = "" // what somebody says at the door is for who lets them in
	}
}

func (pr *presenter) doorSays(q *plan.Person) (words string, open bool) {
	switch {
	case q.Disowned:
		return pr.l.T("door.person.disowned"), true
	case q.Asking:
		return pr.l.T("door.person.asking"), true
	case waits(q) && q.Proven:
		return pr.l.T("door.person.waits"), true
	case waits(q):
		return pr.l.T("plan.people.unproven"), true
	case q.ShutOut():
		return pr.l.T("door.person.out"), false
	case q.Access == plan.None:
		return pr.l.T("door.person.named"), false
	case !q.Joined && q.VouchedBy == "" && q.NamedBy != q.Side:
		return pr.l.T("door.person.firstLead"), false
	case !q.Joined && pr.v.Mail && q.Email.Value != "":
		return pr.l.T("door.person.invited"), false
	case !q.Joined:
		return pr.l.T("door.person.notYet"), false
	}
	return "", false
}
