package intrinsic

import "strings"

// functions are the intrinsic functions by name; the name is case-sensitive (measured).
var functions, functionNames = byName(
	&function{"States.Array", arrayOf},
	&function{"States.ArrayContains", arrayContains},
	&function{"States.ArrayGetItem", arrayGetItem},
	&function{"States.ArrayLength", arrayLength},
	&function{"States.ArrayPartition", arrayPartition},
	&function{"States.ArrayRange", arrayRange},
	&function{"States.ArrayUnique", arrayUnique},
	&function{"States.Base64Decode", base64Decode},
	&function{"States.Base64Encode", base64Encode},
	&function{"States.Format", format},
	&function{"States.Hash", hashOf},
	&function{"States.JsonMerge", jsonMerge},
	&function{"States.JsonToString", jsonToString},
	&function{"States.MathAdd", mathAdd},
	&function{"States.MathRandom", mathRandom},
	&function{"States.StringSplit", stringSplit},
	&function{"States.StringToJson", stringToJSON},
	&function{"States.UUID", uuid},
)

// byName also gives the list of names that messages show.
func byName(all ...*function) (map[string]*function, string) {
	index, names := map[string]*function{}, make([]string, len(all))
	for i, f := range all {
		index[f.name], names[i] = f, f.name
	}
	return index, strings.Join(names, " ")
}
