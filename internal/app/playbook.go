package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tandem/internal/fault"
)

// PlaybookPages are the pages the product brings along, in the order in which
// one needs them. Their texts are the adapter's that shows them.
var PlaybookPages = []string{
	"when", "opener", "session", "templates", "light", "resistance",
	"agreement", "check-in", "obstacles", "dates", "decision-paper",
	"pilot", "signals",
}

// Bounds of what a workspace may write.
const (
	maxPlaybookTitle = 100    // characters
	maxPlaybookLead  = 300    // characters
	maxPlaybookText  = 12_000 // characters: a page, not a book
	maxPlaybookOwn   = 40     // pages of a workspace's own
	keptVersions     = 30     // of a page and language
)

// ownPage reports whether a page is none the product brings along.
func ownPage(page string) bool { return !slices.Contains(PlaybookPages, page) }

// MayWritePlaybook reports whether the member may change the workspace's
// playbook: administrators and managers.
func (m *Member) MayWritePlaybook() bool { return m.manages() }

func writesPlaybook(c Caller) error {
	if c.Member == nil {
		return missing()
	}
	if !c.Member.MayWritePlaybook() {
		return fault.New(fault.Forbidden, "fault.right.playbook")
	}
	return nil
}

// Playbook lists what the caller's workspace wrote itself: the last version of
// every page and language, without Markdown. Members; nobody else has a
// playbook.
func (s *Service) Playbook(ctx context.Context, c Caller) ([]PlaybookText, error) {
	if c.Member == nil {
		return nil, missing()
	}
	return s.playbook.Playbook(ctx, c.Member.Workspace)
}

// PlaybookPage is what stands on a page in a language: the workspace's words,
// or a version that is Returned where the product's text stands. A page of the
// workspace's own that is written in another language only comes in that one.
// Members.
func (s *Service) PlaybookPage(ctx context.Context, c Caller, page, language string) (PlaybookText, error) {
	if c.Member == nil {
		return PlaybookText{}, missing()
	}
	t, err := s.playbook.PlaybookText(ctx, c.Member.Workspace, page, language, 0)
	none := errors.Is(err, ErrNotFound)
	if err != nil && !none {
		return t, err
	}
	if none {
		t = PlaybookText{Workspace: c.Member.Workspace, Page: page, Language: language}
	}
	if !ownPage(page) || !t.Returned() {
		return t, nil
	}
	all, err := s.playbook.Playbook(ctx, c.Member.Workspace)
	if err != nil {
		return PlaybookText{}, err
	}
	for _, x := range all {
		if x.Page == page && !x.Returned() {
			return s.playbook.PlaybookText(ctx, c.Member.Workspace, page, x.Language, x.Version)
		}
	}
	return PlaybookText{}, missing()
}

// PlaybookVersion is a version of a page as the workspace wrote it, the last
// one if version is 0; without words and with version 0 if it never wrote one
// of a page the product has. Administrators and managers.
func (s *Service) PlaybookVersion(ctx context.Context, c Caller, page, language string, version int) (PlaybookText, error) {
	if err := writesPlaybook(c); err != nil {
		return PlaybookText{}, err
	}
	t, err := s.playbook.PlaybookText(ctx, c.Member.Workspace, page, language, version)
	if errors.Is(err, ErrNotFound) {
		if version != 0 {
			return t, missing()
		}
		if ownPage(page) { // known in the other language at least
			if _, err := s.PlaybookPage(ctx, c, page, language); err != nil {
				return PlaybookText{}, err
			}
		}
		return PlaybookText{Workspace: c.Member.Workspace, Page: page, Language: language}, nil
	}
	return t, err
}

// PlaybookVersions lists what the workspace wrote on a page in a language, the
// last version first, without Markdown. Administrators and managers.
func (s *Service) PlaybookVersions(ctx context.Context, c Caller, page, language string) ([]PlaybookText, error) {
	if err := writesPlaybook(c); err != nil {
		return nil, err
	}
	return s.playbook.PlaybookVersions(ctx, c.Member.Workspace, page, language)
}

// CheckPlaybook says what is wrong with words for a page, nil if nothing is.
func CheckPlaybook(t PlaybookText) error {
	title, lead, text := strings.TrimSpace(t.Title), strings.TrimSpace(t.Lead), strings.TrimSpace(t.Markdown)
	switch {
	case !slices.Contains([]string{"de", "en"}, t.Language):
		return fault.New(fault.Invalid, "fault.language")
	case title == "":
		return fault.New(fault.Invalid, "fault.playbook.title")
	case text == "":
		return fault.New(fault.Invalid, "fault.playbook.text")
	case long(title, maxPlaybookTitle) || strings.ContainsAny(title, "\r\n"):
		return fault.New(fault.Invalid, "fault.playbook.title.long", "most", maxPlaybookTitle)
	case long(lead, maxPlaybookLead):
		return fault.New(fault.Invalid, "fault.playbook.lead.long", "most", maxPlaybookLead)
	case long(text, maxPlaybookText):
		return fault.New(fault.Invalid, "fault.playbook.text.long", "most", maxPlaybookText, "n", utf8.RuneCountInString(text))
	case !utf8.ValidString(title + lead + text):
		return fault.New(fault.Invalid, "fault.playbook.text")
	}
	return nil
}

func long(text string, most int) bool { return utf8.RuneCountInString(text) > most }

// WritePlaybook puts the workspace's words on a page in a language; Version is
// the one they were written over. If somebody was faster nothing is stored and
// the fault is a conflict. Administrators and managers.
func (s *Service) WritePlaybook(ctx context.Context, c Caller, t PlaybookText) error {
	if err := writesPlaybook(c); err != nil {
		return err
	}
	if _, err := s.PlaybookPage(ctx, c, t.Page, t.Language); err != nil {
		return err
	}
	if err := CheckPlaybook(t); err != nil {
		return err
	}
	return s.savePlaybook(ctx, c, t)
}

// ReturnPlaybook lets the product's text of a page stand again in a language;
// a page the product does not have is taken out. What the workspace wrote
// stays among the versions. Administrators and managers.
func (s *Service) ReturnPlaybook(ctx context.Context, c Caller, page, language string, version int) error {
	t, err := s.PlaybookVersion(ctx, c, page, language, 0)
	if err != nil {
		return err
	}
	if t.Version == 0 || t.Returned() {
		return missing()
	}
	return s.savePlaybook(ctx, c, PlaybookText{Page: page, Language: language, Version: version})
}

// AddPlaybook makes a page of the workspace's own and returns its address,
// made from the title. Administrators and managers.
func (s *Service) AddPlaybook(ctx context.Context, c Caller, t PlaybookText) (page string, err error) {
	if err := writesPlaybook(c); err != nil {
		return "", err
	}
	if err := CheckPlaybook(t); err != nil {
		return "", err
	}
	all, err := s.playbook.Playbook(ctx, c.Member.Workspace)
	if err != nil {
		return "", err
	}
	taken := slices.Concat(PlaybookPages, reservedPages)
	own := map[string]bool{}
	for _, x := range all {
		taken = append(taken, x.Page)
		if ownPage(x.Page) {
			own[x.Page] = true
		}
	}
	if len(own) >= maxPlaybookOwn {
		return "", fault.New(fault.Refused, "fault.playbook.many", "most", maxPlaybookOwn)
	}
	t.Page, t.Version = freePage(t.Title, taken), 0
	return t.Page, s.savePlaybook(ctx, c, t)
}

// reservedPages would hide other addresses below /playbook.
var reservedPages = []string{"new"}

func (s *Service) savePlaybook(ctx context.Context, c Caller, t PlaybookText) error {
	t.Workspace, t.Author, t.At = c.Member.Workspace, c.Member.ID, s.clock()
	t.Version++
	t.Title, t.Lead = strings.TrimSpace(t.Title), strings.Join(strings.Fields(t.Lead), " ")
	t.Markdown = strings.TrimSpace(strings.ReplaceAll(t.Markdown, "\r\n", "\n"))
	err := s.playbook.SavePlaybook(ctx, t, keptVersions)
	if errors.Is(err, ErrStale) {
		return fault.New(fault.Conflict, "fault.playbook.stale")
	}
	return err
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "é", "e", "è", "e", "à", "a", "ç", "c")

// freePage is an address made from a title that is not taken: at most some 40
// letters, digits and hyphens.
func freePage(title string, taken []string) string {
	var b strings.Builder
	for _, r := range umlauts.Replace(strings.ToLower(title)) {
		if b.Len() >= 40 {
			break
		}
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
			b.WriteByte('-')
		}
	}
	base := cmp.Or(strings.Trim(b.String(), "-"), "page")
	page := base
	for n := 2; slices.Contains(taken, page); n++ {
		page = base + "-" + strconv.Itoa(n)
	}
	return page
}
