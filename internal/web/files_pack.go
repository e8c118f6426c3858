package web

import (
	"archive/zip"
	"encoding/csv"
	"fmt"
	"io"
	"path"
	"strings"

	"tandem/internal/app"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/web/present"
)

// packFiles writes an archive of all files the reader may see, those of their
// own side apart, with a list of all documents that spreadsheets open.
func (s *Server) packFiles(to io.Writer, v *visit, pv app.View) error {
	pack := zip.NewWriter(to)
	names := map[string]bool{}
	rows := [][]string{present.DocumentColumns(v.l)}
	for _, x := range present.AllDocuments(pv) {
		at, err := s.packFile(pack, v, pv, x, names)
		if err != nil {
			return err
		}
		rows = append(rows, present.DocumentRow(pv, v.l, x, at))
	}
	list, err := pack.CreateHeader(&zip.FileHeader{Name: "documents.csv", Method: zip.Deflate, Modified: s.App.Now()})
	if err != nil {
		return err
	}
	if _, err := io.WriteString(list, "\ufeff"); err != nil { // or Excel takes it for another alphabet
		return err
	}
	table := csv.NewWriter(list)
	table.UseCRLF = true
	for _, row := range rows {
		for i := range row {
			row[i] = inertCell(row[i])
		}
		if err := table.Write(row); err != nil {
			return err
		}
	}
	if table.Flush(); table.Error() != nil {
		return table.Error()
	}
	return pack.Close()
}

// packFile puts one file into the archive and says under which name; a link has
// none, and so has a file that is not there any more.
func (s *Server) packFile(pack *zip.Writer, v *visit, pv app.View, x present.OneDocument, names map[string]bool) (string, error) {
	if x.File == nil {
		return "", nil
	}
	_, f, err := s.App.OpenFile(v.Context(), v.caller, pv.Plan.ID, x.ID)
	if fault.Is(err, fault.Missing) {
		return v.l.T("file.csv.lost"), nil
	}
	if err != nil {
		return "", err
	}
	defer f.Body.Close()
	name := x.File.Name.Value
	if x.Private {
		name = plan.CleanFileName(v.l.T("file.internal")) + "/" + name
	}
	name = unused(name, names)
	at := zip.FileHeader{Name: name, Method: zip.Deflate, Modified: x.At}
	if f.File.Type != plan.TypeText && f.File.Type != plan.TypeOther {
		at.Method = zip.Store // is packed already
	}
	w, err := pack.CreateHeader(&at)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(w, f.Body)
	return name, err
}

// unused is a name no other file of the archive has, also where capitals are
// the same letters.
func unused(name string, names map[string]bool) string {
	free := name
	for n := 2; names[strings.ToLower(free)] || free == "documents.csv"; n++ {
		end := path.Ext(name)
		free = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, end), n, end)
	}
	names[strings.ToLower(free)] = true
	return free
}

// inertCell keeps a spreadsheet from taking words for a formula.
func inertCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
