import type { ProblemWords } from './problem-words.ts';

export const SENTENCES: ProblemWords = {
	'amount-missing': 'Gib einen Betrag ein.',
	'amount-not-a-number':
		'Das ist kein Betrag. Ziffern, ein Dezimalzeichen und + − × ÷ funktionieren.',
	'amount-ambiguous':
		'Das lässt sich auf zwei Arten lesen. Schreib es ohne Tausendertrennzeichen oder mit allen Nachkommastellen.',
	'amount-too-precise': 'Das sind mehr Nachkommastellen, als die Währung hat.',
	'amount-too-large': 'Das ist mehr, als Outlay genau rechnen kann.',
	'amount-negative':
		'Der Betrag kann nicht unter null liegen. Wähle Einnahme für Geld, das hereinkam.',
	'amount-zero': 'Gib einen Betrag über null ein.',
	'parts-not-the-whole': 'Die Teile ergeben zusammen nicht den Betrag.',
	'date-missing': 'Wähle einen Tag.',
	'filter-days-crossed': 'Der letzte Tag liegt vor dem ersten.',
	'filter-amounts-crossed': 'Das ist weniger als der kleinste Betrag.',
	'account-missing': 'Wähle ein Konto.',
	'same-account': 'Wähle zwei verschiedene Konten.',
	'text-too-long': 'Dieser Text ist zu lang.',
	'not-found': 'Dieser Eintrag ist nicht mehr auf diesem Gerät.',
	purged: 'Dieser Eintrag wurde endgültig gelöscht.',
	'newer-version':
		'Eine neuere Version von Outlay hat diesen Eintrag geschrieben. Aktualisiere Outlay, um ihn zu bearbeiten.',
	unreadable: 'Dieser Eintrag lässt sich nicht lesen. Er bleibt, wie er ist.',
	'too-large': 'Dieser Eintrag ist zu groß, um ihn aufzubewahren.',
	'device-full':
		'Auf diesem Gerät ist kein Platz mehr. Es wurde nichts geschrieben; was im Formular steht, ist noch da. Schaff etwas Platz und speichere noch einmal.',
	'storage-failed':
		'Der Browser konnte nicht auf dieses Gerät schreiben. Was im Formular steht, ist noch da; versuch es noch einmal.',
	'device-not-opened':
		'Der Browser hat Outlay den Speicher auf diesem Gerät nicht öffnen lassen. Ein privates Fenster oder ein voller Datenträger kann der Grund sein.',
	offline:
		'Der Dienst ist nicht erreichbar. Nichts geht verloren; versuch es noch einmal, wenn du online bist.',
	'unexpected-answer':
		'Der Dienst hat auf eine Weise geantwortet, die Outlay nicht versteht. Versuch es später noch einmal.',
	'file-empty': 'Diese Datei ist leer. Es wurde nichts geschrieben.',
	'file-not-text': 'Diese Datei ist kein Text. Exportiere sie als CSV und wähle diese Datei.',
	'file-no-columns':
		'Diese Datei hat nur eine Spalte. Exportiere sie als CSV mit einer Zeile je Eintrag.',
	'row-date': 'Das Datum lässt sich nicht lesen.',
	'row-amount': 'Der Betrag lässt sich nicht lesen.',
	'row-kind': 'Dort steht weder Ausgabe noch Einnahme noch Umbuchung.',
	'row-currency': 'Die Währung ist kein Code aus drei Buchstaben.',
	'row-other-account': 'Bei der Umbuchung fehlt das andere Konto.',
	'row-same-account': 'Die Umbuchung geht von einem Konto auf dasselbe Konto.',
	'invalid-email': 'Das ist keine E-Mail-Adresse.',
	'weak-password':
		'Das ist leicht zu erraten: zu kurz, von vielen gewählt oder aus der E-Mail-Adresse gebildet. Wähle ein anderes mit mindestens 8 Zeichen.',
	'email-taken': 'Mit dieser E-Mail-Adresse gibt es schon ein Profil.',
	'invalid-credentials': 'Die E-Mail-Adresse oder das Passwort stimmt nicht.',
	'password-missing': 'Gib dein Passwort ein.',
	'wrong-password': 'Das ist nicht dein Passwort.',
	'code-missing': 'Gib einen deiner Wiederherstellungscodes ein.',
	'invalid-code':
		'Die E-Mail-Adresse und der Code gehören nicht zusammen, oder der Code wurde schon benutzt. Jeder gilt einmal.',
	'name-missing': 'Gib einen Namen ein.',
	'invite-missing': 'Gib den Code deiner Einladung ein.',
	'invalid-invite': 'Diese Einladung gilt nicht mehr. Bitte um eine neue.',
	'sign-up-closed':
		'Dieses Outlay nimmt keine neuen Profile an. Auf diesem Gerät funktioniert alles auch ohne.',
	suspended:
		'Dieses Profil ist gesperrt: Es wird nichts gesendet oder empfangen. Auf diesem Gerät bleibt alles erhalten. Frag, wer dieses Outlay betreibt.',
	forbidden: 'Dieses Profil darf das nicht.',
	'signed-out': 'Du bist abgemeldet. Melde dich wieder an.',
	'too-many-app-passwords':
		'Mehr App-Passwörter sind nicht möglich. Widerrufe eines, das nicht mehr benutzt wird.',
	'too-many-requests': 'Zu viele Versuche. Warte eine Weile und versuch es dann noch einmal.',
	busy: 'Der Dienst hat gerade viel zu tun. Versuch es gleich noch einmal.',
	'quota-not-a-number': 'Gib eine ganze Zahl ein, oder nichts für so viel, wie alle haben.',
	'sign-up-full': 'Dieses Outlay nimmt im Moment keine neuen Profile an.',
	'quota-exceeded': 'Dein Platz in der Cloud ist voll. Auf diesem Gerät bleibt alles erhalten.',
	'store-unavailable':
		'Die Datenbank in der Cloud ist nicht erreichbar. Nichts geht verloren; versuch es gleich noch einmal.',
	'cross-site': 'Die Anfrage kam nicht von dieser Seite.',
	'malformed-json':
		'Der Dienst konnte nicht lesen, was dieses Outlay gesendet hat. Nichts geht verloren; lade neu, um das neueste Outlay zu bekommen.',
	'invalid-request':
		'Der Dienst hat nicht verstanden, was dieses Outlay wollte. Nichts geht verloren; lade neu, um das neueste Outlay zu bekommen.',
	'json-required':
		'Der Dienst hat nicht angenommen, was dieses Outlay gesendet hat. Nichts geht verloren; lade neu, um das neueste Outlay zu bekommen.',
	'too-slow':
		'Die Verbindung ist zu langsam: Was gesendet wurde, kam nicht rechtzeitig an. Nichts geht verloren; versuch es noch einmal.',
	internal: 'Beim Dienst ging etwas schief. Nichts geht verloren; versuch es gleich noch einmal.'
};
