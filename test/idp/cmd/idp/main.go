// Command idp runs a real identity provider on this machine, for tests in a
// browser: idp BACK… prints its address and serves until it is killed. BACK are
// the addresses it sends browsers back to.
package main

import (
	"fmt"
	"os"

	"tandem/test/idp"
)

func main() {
	s, err := idp.Start("", []*idp.Person{
		{Subject: "sub-john", Login: "john", Password: "pw", Name: "John Martinez", Email: "john.martinez@acme.example", Verified: true, Groups: []string{"leads"}},
		{Subject: "sub-eve", Login: "eve", Password: "pw", Name: "Eve", Email: "john.martinez@acme.example"},
	}, os.Args[1:]...)
	if err != nil {
		fmt.Fprintln(os.Stderr, "idp:", err)
		os.Exit(1)
	}
	fmt.Println("idp:", s.Issuer)
	select {}
}
