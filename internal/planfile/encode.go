package planfile

import (
	"encoding/json"
	"io"
)

// Encode writes a plan as a plan file: indented, the fields in the order of
// the types, every status spelled out, so that two versions compare line by
// line. It writes nothing and returns Validate's fault when Decode would
// refuse the plan.
func Encode(w io.Writer, p *Plan) error {
	file := *p
	file.Format = Format
	file.Actions = make([]Action, len(p.Actions))
	copy(file.Actions, p.Actions)
	for i := range file.Actions {
		if file.Actions[i].Status == "" {
			file.Actions[i].Status = Open
		}
	}
	if err := Validate(&file); err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false) // a plan is no web page; & and < stay readable
	enc.SetIndent("", "  ")
	return enc.Encode(&file)
}

// MarshalJSON writes all three points, also a zero one, or the values.
func (e Estimate) MarshalJSON() ([]byte, error) {
	if len(e.Values) > 0 {
		return json.Marshal(struct {
			Values [][2]float64 `json:"values"`
		}{e.Values})
	}
	return json.Marshal(struct {
		Low    float64 `json:"low"`
		Likely float64 `json:"likely"`
		High   float64 `json:"high"`
		Shape  string  `json:"shape,omitempty"`
	}{e.Low, e.Likely, e.High, e.Shape})
}
