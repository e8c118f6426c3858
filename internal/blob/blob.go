// Package blob keeps the bytes of files. Its two stores, one on a disk and one
// that speaks S3, do the same and pass the same tests.
package blob

import (
	"encoding/hex"
	"regexp"

	"tandem/internal/app"
	"tandem/internal/plan"
)

var id = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// shared names the space of what both sides see.
const shared = "shared"

// Folder is where the blobs of a space lie, as "plan/shared" or "plan/buyer";
// false if the space is none, so that no name leads elsewhere.
func Folder(in app.Space) (string, bool) {
	side := string(in.Side)
	switch in.Side {
	case "":
		side = shared
	case plan.Buyer, plan.Seller:
	default:
		return "", false
	}
	return string(in.Plan) + "/" + side, IsPlan(in.Plan)
}

// Space is the space of a folder's two names; false if they are none.
func Space(planID, side string) (app.Space, bool) {
	in := app.Space{Plan: plan.ID(planID), Side: plan.Side(side)}
	if side == shared {
		in.Side = ""
	}
	folder, ok := Folder(in)
	return in, ok && folder == planID+"/"+side
}

// IsPlan reports whether an id can be the name of a folder.
func IsPlan(p plan.ID) bool { return id.MatchString(string(p)) }

// IsDigest reports whether a name is hex SHA-256 as blobs are named.
func IsDigest(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32 && hex.EncodeToString(b) == s
}
