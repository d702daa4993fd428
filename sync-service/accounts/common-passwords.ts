/**
 * The passwords of 8 and more characters that guessers try first. Shorter ones are refused by
 * their length already.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
	`password password1 password12 password123 password1234 passw0rd p@ssword p@ssw0rd pa$$word
	12345678 123456789 1234567890 12345678910 0123456789 87654321 987654321 9876543210 11111111
	111111111 1111111111 00000000 000000000 0000000000 22222222 55555555 66666666 77777777 88888888
	99999999 12341234 12344321 11223344 1122334455 123123123 123321123 147258369 123456123
	12345679 123454321 10203040 102030405060 13131313 12121212 21212121 69696969 1q2w3e4r 1q2w3e4r5t
	1qaz2wsx 1qaz2wsx3edc q1w2e3r4 q1w2e3r4t5 qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234
	qwerty12345 qwertz123 qwertzui qwertzuiop azertyui azertyuiop azerty123 asdfghjk asdfghjkl
	asdf1234 asdfasdf zxcvbnm1 zxcvbnm123 qazwsxedc qweasdzxc qweqweqwe abcd1234 abc12345 abcdefgh
	abcdefg1 abcdefghi a1b2c3d4 a123456789 aa123456 aa12345678 123456aa 123456abc 1234abcd 12345abc
	123456789a 123456qwerty 1234qwer 123qweasd 123abc123 123123qwe iloveyou iloveyou1 iloveyou2
	ilovegod loveyou1 lovelove princess princess1 princesa sunshine sunshine1 football football1
	baseball baseball1 basketball superman superman1 batman123 spiderman pokemon1 pokemon123
	starwars starwars1 whatever trustno1 letmein1 letmein123 welcome1 welcome123 admin123 admin1234
	administrator changeme changeme1 changeme123 default1 secret123 computer computer1 internet
	internet1 samsung1 samsung123 monkey123 dragon123 master123 shadow123 michael1 michelle jennifer
	jonathan charlotte elizabeth victoria alexander benjamin anthony1 danielle jessica1 chocolate
	butterfly liverpool liverpool1 chelsea1 arsenal1 barcelona realmadrid juventus mercedes
	corvette mustang1 yellow123 purple123 blink182 metallica slipknot nirvana1 mypassword
	mypassword1 mypass123 passpass password! password1! password01 hello123 hello1234 hallo123
	qwerty123456 geheim123 passwort passwort1 passwort123 schatz123 motdepasse bonjour1 doudou123
	contraseña contrasena teamo123 teamomucho senha123 senha1234 wachtwoord haslo123 parola123
	test1234 testtest test12345 testing1 testing123 user1234 guest123 root1234 temp1234 outlay123
	money123 expenses january1 february september november december summer2024 summer2025 winter2024
	winter2025 spring2024 spring2025 autumn2024 autumn2025`.split(/\s+/)
);
