package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/sheet"
	"tandem/internal/web/present"
	"tandem/internal/web/view"
)

// kinds of the files a plan can be taken away in, by their ending.
var kinds = map[string]string{
	"json":  "application/json",
	"jsonl": "application/jsonl; charset=utf-8",
	"csv":   "text/csv; charset=utf-8",
	"xlsx":  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// tableKinds are the configured formats of the table, in order.
func (s *Server) tableKinds() []string {
	var all []string
	for kind := range s.Tables {
		all = append(all, kind)
	}
	slices.Sort(all)
	slices.Reverse(all) // the workbook first
	return all
}

// take lists what of a plan can be taken away.
func (s *Server) take(w http.ResponseWriter, v *visit) error {
	o, err := s.open(v)
	if err != nil {
		return err
	}
	base := "/plans/" + string(o.Plan.ID)
	f := view.Takeaway{Title: title(o), Back: base, Own: o.Plan.Organisation.Of(o.Side()).Value}
	for _, kind := range s.tableKinds() {
		f.Files = append(f.Files, view.TakeFile{Href: base + "/take/table." + kind, Name: v.l.T("pages.take." + kind), Why: v.l.T("pages.take." + kind + ".why")})
	}
	if len(present.AllDocuments(o)) > 0 {
		f.Files = append(f.Files, view.TakeFile{Href: base + "/take/files.zip", Name: v.l.T("file.take"), Why: v.l.T("file.take.why")})
	}
	f.Files = append(f.Files,
		view.TakeFile{Href: base + "/take/plan.json", Name: v.l.T("pages.take.json"), Why: v.l.T("pages.take.json.why")},
		view.TakeFile{Href: base + "/take/history.jsonl", Name: v.l.T("pages.take.history"), Why: v.l.T("pages.take.history.why")})
	if o.Own.Head.Seq > 0 {
		f.Files = append(f.Files, view.TakeFile{Href: base + "/take/history-own.jsonl",
			Name: v.l.T("pages.take.own"), Why: v.l.T("pages.take.own.why", "Name", f.Own)})
	}
	f.Seq, f.Hash = o.Plan.Head.Seq, o.Plan.Head.Hash
	p := s.page(w, v, "take", v.l.T("pages.take.title"))
	p.Narrow = true
	return render(w, v, http.StatusOK, view.TakePage(p, f))
}

func title(o app.View) string { return o.Plan.Items[plan.DecisionItem].Terms.Title.Value }

// takeFile sends one of them.
func (s *Server) takeFile(w http.ResponseWriter, v *visit) error {
	o, err := s.open(v)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	file := v.PathValue("file")
	name, kind, _ := strings.Cut(file, ".")
	switch {
	case file == "plan.json":
		kind, name = "json", slug(title(o))+".plan"
		err = planfile.Encode(&b, app.File(o))
	case name == "table" && s.Tables[kind] != nil:
		name = slug(title(o))
		err = s.Tables[kind](&b, sheet.Export(*app.File(o), v.l.Lang))
	case file == "history.jsonl", file == "history-own.jsonl":
		name = slug(title(o)) + "." + name
		err = s.writeLog(&b, v, o, file == "history-own.jsonl")
	default:
		return fault.New(fault.Missing, "fault.missing")
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kinds[kind])
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=\"%s.%s\"; filename*=UTF-8''%s.%s", plain(name), kind, url.PathEscape(name), kind))
	_, err = w.Write(b.Bytes())
	return err
}

// writeLog writes one stream of the plan's history as `tandem verify` reads it.
func (s *Server) writeLog(w io.Writer, v *visit, o app.View, private bool) error {
	stream := plan.SharedStream(o.Plan.ID)
	if private {
		stream = plan.PrivateStream(o.Plan.ID, o.Side())
	}
	return plan.WriteLog(w, plan.LogHeader{Plan: o.Plan.ID, Stream: stream}, func(yield func(plan.Record, error) bool) {
		stopped := errors.New("stopped")
		err := s.App.Log(v.Context(), o, private, func(r plan.Record) error {
			if !yield(r, nil) {
				return stopped
			}
			return nil
		})
		if err != nil && err != stopped {
			yield(plan.Record{}, err)
		}
	})
}

// slug is a title as a file's name.
func slug(title string) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|.`, r) || r < ' ' {
			return ' '
		}
		return r
	}, title)
	name = strings.Join(strings.Fields(name), " ")
	if r := []rune(name); len(r) > 80 {
		name = strings.TrimSpace(string(r[:80]))
	}
	if name == "" {
		return "plan"
	}
	return name
}

// plain is a name in ASCII, for old programs.
func plain(name string) string {
	name = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "ß", "ss").Replace(name)
	return strings.Map(func(r rune) rune {
		if r > '~' || r == '"' || r == '\\' || r == '%' {
			return '-'
		}
		return r
	}, name)
}
