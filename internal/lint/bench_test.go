package lint

import "testing"

func BenchmarkCheck(b *testing.B) {
	for _, name := range []string{"nordwerk", "nordwerk-regions"} {
		b.Run(name, func(b *testing.B) {
			p := file(b, name)
			for b.Loop() {
				Check(p, Options{})
			}
		})
	}
	b.Run("two centuries", func(b *testing.B) {
		p := file(b, "nordwerk-regions")
		p.DecideBy = 80000
		for b.Loop() {
			Check(p, Options{})
		}
	})
	b.Run("ten thousand of all", func(b *testing.B) {
		p := huge(10000)
		for b.Loop() {
			Check(p, Options{})
		}
	})
}
