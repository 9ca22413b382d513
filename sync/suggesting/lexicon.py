"""What columns are called, in the languages of those who keep them. Folded: no capitals, no accents.

A phrase of several words is also met written as one, so `first name` is `firstname` too.
"""

from __future__ import annotations

from typing import TypeAlias

#: A phrase by how surely it means the target, 0 to 1.
Phrases: TypeAlias = dict[str, float]


def _phrases(**lists: str) -> Phrases:
    """Return phrases by weight, from lists separated by commas; `w90` is the weight 0.9."""
    return {
        phrase.strip(): int(weight[1:]) / 100 for weight, text in lists.items() for phrase in text.split(",")
    }


def _words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


FIRST = _phrases(
    w100="first name, given name, vorname, prenom, nombre de pila, primer nombre, primeiro nome, voornaam, "
    "fornamn, fornavn, etunimi, imie, имя, firstname, fname, f name, rufname, forename, christian name",
    w85="first, given, nombres, nombre propio, prename, 名",
)
LAST = _phrases(
    w100="last name, family name, surname, nachname, familienname, nom de famille, apellido, apellidos, "
    "primer apellido, sobrenome, apelido, ultimo nome, cognome, achternaam, efternamn, etternavn, efternavn, "
    "sukunimi, nazwisko, soyad, фамилия, lname, l name, second name, zuname",
    w85="last, family, 姓",
)
FULL = _phrases(
    w100="full name, fullname, complete name, first and last name, name and surname, vor und nachname, "
    "vor und zuname, nombre completo, nombre y apellidos, nombre y apellido, nom complet, nom et prenom, "
    "prenom et nom, nome completo, nome e cognome, volledige naam, фио, 氏名, your name, vollstandiger name, "
    "imie i nazwisko",
    w95="name, contact name, customer name, client name, lead name, person name, homeowner name, homeowner, "
    "nom, nombre, nome, naam, namn, navn, kundenname, kontaktname, 名前",
    w80="customer, client, kunde, interessent, ansprechpartner, cliente, contacto, klant, display name, "
    "contact, lead, prospect",
)
PHONE = _phrases(
    w100="phone, phone number, phones, telephone, telephone number, telefon, telefonnummer, tel, telnr, "
    "tel nr, telefono, numero de telefono, telefone, numero de telephone, telefoon, telefoonnummer, "
    "telefonnr, rufnummer, телефон, phonenumber, phone no, puhelin, numer telefonu, 電話, 电话",
    w98="mobile, mobile phone, mobile number, mobil, mobilnummer, mobiltelefon, handy, handynummer, cell, "
    "cell phone, cellphone, cellular, movil, celular, telefono movil, telefone celular, portable, "
    "telephone portable, cellulare, mobiel, mobilfunk, gsm, mobile no, телефон мобильный, whatsapp, natel",
    w80="contact number, best number, number to call, call back number, callback number, caller id, contact "
    "no, kontaktnummer, day phone, evening phone, text number, sms number, caller number, sms, home "
    "number, 06 nummer, gsm nummer, work number, office number, day number, evening number, number to "
    "reach you",
    w60="home, work, office, privat, private, buro, geschaftlich, thuis, casa, trabajo, bureau",
    w55="fon, contact details, landline, festnetz, fijo, fixe, call",
)
MOBILE = _words(
    "mobile mobil mobilnummer mobiltelefon handy handynummer cell cellphone cellular movil celular portable "
    "cellulare mobiel mobilfunk gsm whatsapp text sms natel 06 мобильный"
)
HOME = _words("home privat private landline festnetz casa domicile fijo fixe evening thuis hjem")
WORK = _words(
    "work business office buro geschaftlich dienstlich trabajo travail bureau lavoro werk day other second "
    "secondary alternate alternative alt additional weitere zweite otro autre 2 3 4 5"
)
EMAIL = _phrases(
    w100="email, email address, emailaddress, emails, mail, mail address, mailadresse, emailadresse, "
    "email adresse, correo, correo electronico, adresse email, adresse mail, courriel, posta elettronica, "
    "epost, epostadress, sahkoposti, почта, электронная почта, メール, 邮箱, indirizzo email, "
    "direccion de correo, endereco de email, adres email",
)
STATUS = _phrases(
    w100="lead status, status, leadstatus, kundenstatus, estado del lead, estatus, situacao, lead state, "
    "opportunity status, statut, stato, статус, bearbeitungsstand, estado, etat, pipeline stage, deal stage",
    w92="stage, opportunity stage, lead stage, sales stage, phase, stufe, etapa, etape, fase, disposition, "
    "lead disposition",
    w97="status name, status label, status code, status text, stage name, stage label, stage id name",
    w80="lifecycle stage, outcome, result, stand, fortschritt, progress, verfolgungsstatus, job status",
)
CREATED = _phrases(
    w100="created, created at, created on, created date, create date, date created, created time, creation "
    "date, creation time, createdate, createdon, creado, creado el, fecha de creacion, erstellt, erstellt "
    "am, erstelldatum, erstellungsdatum, angelegt, angelegt am, anlagedatum, date de creation, cree le, "
    "criado em, data de criacao, creato il, data creazione, aangemaakt, aangemaakt op, skapad, opprettet, "
    "oprettet, utworzono, data utworzenia, создан, дата создания, added, date added, added on, added at, "
    "add time, added time, inserted at, insert date, create time, created timestamp, create timestamp, "
    "creation timestamp, date entered, entered on, entered, 作成日",
    w95="submitted, submitted at, submitted on, submission date, submit date, submit time, submission time, "
    "entry date, date submitted, date submitted, received, received at, received on, date received, "
    "lead date, lead received, lead created, lead submit time, eingang, eingegangen, eingegangen am, "
    "eingangsdatum, angefragt, angefragt am, anfragedatum, anfrage vom, recu le, recibido, received date, "
    "inquiry date, request date, requested on, requested at, enquiry date, date of inquiry, "
    "lead submitted, contact date, date of contact, date in, customer since, registered, "
    "registration date, signup date, signed up, aufgenommen am, aufnahmedatum, erfasst, erfasst am",
    w70="timestamp, start time, call time, call start time, date, datum, fecha, data, date time, datetime, "
    "time, zeitstempel, horodateur, zeitpunkt, marca temporal, first seen, called on, call date, dato, "
    "visited on, opened, booked on, 日付, дата",
)
UPDATED = _phrases(
    w100="updated, updated at, updated on, last updated, last update, update date, date updated, "
    "update time, "
    "modified, modified at, modified on, last modified, last modified date, date modified, modified time, "
    "modified date, modification date, changed, changed at, changed on, last changed, updated timestamp, "
    "update timestamp, geandert, geandert am, letzte anderung, zuletzt geandert, aenderungsdatum, "
    "anderungsdatum, geaendert am, letzte aenderung, aktualisiert, aktualisiert am, modifie le, date de "
    "modification, derniere modification, mis a jour, actualizado, actualizado el, ultima modificacion, "
    "ultima actualizacion, modificado, atualizado em, modificato il, ultima modifica, gewijzigd, "
    "gewijzigd op, last edited, edited, edited at, bijgewerkt, uppdaterad, изменен, обновлен, date last "
    "modified, write date, system modstamp, 更新日",
    w65="last activity, last activity date, last activity time, last touched, last contact, last contacted, "
    "letzte aktivitat, bearbeitet, bearbeitet am, last touch",
)
IDENTITY = _phrases(
    w100="id, lead id, record id, leadid, uuid, guid, opportunity id, deal id, entry id, response id, "
    "submission id, request id, external id, lead number, lead no, row id, record number, leadgen id, "
    "lead nr, anfrage nr, anfragenummer, vorgangsnummer, ticket, ticket id, negotiation id, job id, "
    "inquiry id, reference, reference number, ref, ref no, referenz, token, respondent id, object id, "
    "id de registro, id del lead, estimate id, quote id, google lead id, booking id, folio, "
    "expediente, dossier, numero de dossier, zaaknummer, protocolo",
    w90="number, no, nr, num, numero, nummer, lfd nr, laufende nummer, job number, quote number, "
    "request number, invoice number, ticket number, key, code, identifier, kennung, record, order id, "
    "order number, order no, auftragsnummer, lead",
)
CONTACT_ID = _phrases(
    w100="contact id, contactid, customer id, client id, person id, customerid, clientid, personid, vid, "
    "kunden id, kundennummer, kundennr, kunden nr, customer number, customer no, client number, "
    "id cliente, id del cliente, id client, id de cliente, numero de client, numero de cliente, klantnummer, "
    "kontakt id, id contacto, contact number id, customer record id, homeowner id, household id, "
    "kundnummer, codice cliente, member id, patient id, lead contact id",
    w55="account id, account number, profile id, user id",
)

#: Words that say nothing about whom a column is about: those of forms and of tables of people.
NEUTRAL = _words(
    "lead leads contact contacts person people customer customers client clients primary main default your "
    "the a an of for my please enter what is s best to reach you at we can how in on and or fields field "
    "properties property attributes data record result value values text raw full utc est local gmt 1 0 "
    "address addresses number numbers homeowner user kunde kunden kontakt de del la le der die das des du di "
    "do da number nr no submitted form2 required optional hs crm info information gte valid prospect "
    "current date time profile subscriber details item node with country code including personal "
    "deal opportunity pro odata community display formatted v"
)
#: Words that make a name, a phone or an e-mail somebody else's, or something else.
FOREIGN = _words(
    "company companies organization organisation organizations org business account firma unternehmen "
    "empresa entreprise societe societa bedrijf owner agent rep representative assigned assignee sales "
    "salesperson technician tech employee estimator dispatcher manager campaign form ad adset adgroup page "
    "emergency spouse wife husband partner referral referred referrer fax site project pipeline list file "
    "event product service job tag tags taken sender bearbeiter zustandig verkaufer berater mitarbeiter "
    "betreuer opt consent verified extension ext type domain hash carrier count parent platform utm middle "
    "username login street city by salutation title suffix prefix maiden nick nickname image photo url "
    "link website www ip browser keyword creative ads adwords google facebook property building tenant "
    "landlord realtor broker insurance bank doctor vendor supplier lender officer team department office "
    "group segment bounced bounce unsubscribed permission quarantined validation domain lowercase lower case "
    "template location tracking tracked forwarding virtual dialed segmento tienda invoice payment billing"
)
#: What may stand beside a status, and then makes it a status of something else.
NOT_STATUS = _words(
    "email phone call sms opt consent subscription payment invoice marital employment sync verification "
    "mail marketing legal reason count date time changed id group credit property roof permit insurance "
    "civil militar account user validation bounce delivery estimate campaign ad form task email2 "
    "familienstand owner by unidos facturacion"
)
#: What makes a time that of something else.
NOT_CREATED = _words(
    "by birth birthday geburtsdatum dob appointment scheduled schedule start end close closed due completed "
    "completion install installed invoice paid payment expire expiry expected follow next campaign company "
    "organization account conversion converted ad move service job visit arrival preferred desired "
    "available termin deadline last updated modified changed source user owner event task call2 booking "
    "nacimiento naissance id month year day week tz zone timezone deal2 assigned project"
)
NOT_UPDATED = _words(
    "by source user owner company organization account stage status task campaign id password login "
    "number email phone"
)
#: What makes an identifier that of something else.
NOT_IDENTITY = _words(
    "owner user campaign ad adset adgroup form page account company organization org parent source rep agent "
    "phone telephone tel mobile cell house street postal zip tax vat license licence ssn social credit card "
    "fax member pipeline stage location business unit technician employee branch department creator creative "
    "criterion gcl gclid click session visitor device ip cookie network tenant property asset product "
    "service hausnummer telefon mobil handy employees children rooms windows beds units square floors count "
    "associated postcode area country dialing iban account2 konto steuer whatsapp template list segment "
    "manager office team region store shop quantity by reviews times visits pageviews attempts "
    "hub group tag assigned"
)
#: Values that no marketing program needs to know.
SENSITIVE = _words(
    "ssn social security birth birthday birthdate dob geburtsdatum geburtstag nacimiento naissance password "
    "passwort secret token card credit iban bic bank account2 routing salary income gehalt einkommen gender "
    "geschlecht sex race ethnicity religion medical health diagnosis insurance policy license licence "
    "passport ausweis tax steuer vat ip latitude longitude lat lng marital gate alarm pin kreditkarte "
    "konto kontonummer familienstand cvv"
)
#: Columns that say who does not want to be written to.
OPT_OUT = _phrases(
    w100="do not call, do not phone, do not contact, do not text, do not email, do not sms, dnd, dnc, opt "
    "out, opted out, optout, email opt out, sms opt out, has opted out, unsubscribed, unsubscribe, "
    "unsubscribed from all, nicht anrufen, nicht kontaktieren, werbesperre, no llamar, ne pas appeler, "
    "abgemeldet, donotcall, do not service, do not mail, blacklisted, blocked, has opted out of email",
)
