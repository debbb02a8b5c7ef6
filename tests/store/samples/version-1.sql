PRAGMA application_id = 1111576148;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE act (
	id INTEGER NOT NULL, 
	guid VARCHAR(36) NOT NULL, 
	time VARCHAR(32) NOT NULL, 
	coder VARCHAR NOT NULL, 
	verb VARCHAR NOT NULL, 
	note TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	target INTEGER, 
	PRIMARY KEY (id), 
	UNIQUE (guid)
);
INSERT INTO "act" VALUES(1,'eeb0cb12-c0a5-48a2-a9af-fd55882333a5','2026-11-23T22:08:08.446+00:00','SN','create','','',NULL);
INSERT INTO "act" VALUES(2,'a4d2c713-d350-4a07-bc70-03a4f937787d','2026-11-23T22:08:08.463+00:00','SN','import','2 documents','',NULL);
INSERT INTO "act" VALUES(3,'ea98b760-fea0-4ba0-96a8-a496a7967473','2026-11-23T22:08:08.471+00:00','SN','code','with cues','',NULL);
INSERT INTO "act" VALUES(4,'fe4dabce-8ddb-4978-8ab6-ac61f411bfc6','2026-11-23T22:08:10.202+00:00','SN','accept','1 codings','',NULL);
INSERT INTO "act" VALUES(5,'25469166-b4cc-4381-8804-77637ffed2fe','2026-11-23T22:08:10.207+00:00','SN','memo','document satu','',NULL);
INSERT INTO "act" VALUES(6,'92a5d71e-7a60-4894-8e0c-bcc4ef9f947b','2026-11-23T22:08:10.215+00:00','SN','add code','resources.volunteers','',NULL);
INSERT INTO "act" VALUES(7,'659a537b-9fae-4d41-84a3-f98b82c280ad','2026-11-23T22:08:10.219+00:00','SN','undo','add code: resources.volunteers','',6);
INSERT INTO "act" VALUES(8,'e5211fb0-593f-4ab2-bef8-6a049a644b6c','2026-11-23T22:08:10.230+00:00','SN','revise','satu','rekaman',NULL);
CREATE TABLE case_ (
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	guid VARCHAR(36) NOT NULL, 
	name VARCHAR NOT NULL, 
	from_act INTEGER NOT NULL, 
	to_act INTEGER, 
	PRIMARY KEY (version), 
	FOREIGN KEY(from_act) REFERENCES act (id), 
	FOREIGN KEY(to_act) REFERENCES act (id)
);
INSERT INTO "case_" VALUES(1,1,'a0dca2a8-9689-4234-b57a-262140688249','B',2,NULL);
INSERT INTO "case_" VALUES(2,2,'d86a78d7-89b2-4fbb-a382-1240a1e79bc1','A',2,NULL);
CREATE TABLE case_value (
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	from_act INTEGER NOT NULL, 
	to_act INTEGER, 
	PRIMARY KEY (version), 
	FOREIGN KEY(from_act) REFERENCES act (id), 
	FOREIGN KEY(to_act) REFERENCES act (id)
);
CREATE TABLE codebook (
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	yaml TEXT NOT NULL, 
	from_act INTEGER NOT NULL, 
	to_act INTEGER, 
	PRIMARY KEY (version), 
	FOREIGN KEY(from_act) REFERENCES act (id), 
	FOREIGN KEY(to_act) REFERENCES act (id)
);
INSERT INTO "codebook" VALUES(1,1,'name: small
levels:
- key: variable
  label:
    id: Variabel
    en: Variable
- key: indicator
  label:
    id: Indikator
    en: Indicator
codes:
- key: resources
  label:
    id: Sumber daya
    en: Resources
  codes:
  - key: staff
    label:
      id: Staf
      en: Staff
    cues:
      id:
      - pegawai
      en:
      - officer
  - key: budget
    label:
      id: Anggaran
      en: Budget
    cues:
      id:
      - dana
      - anggaran
      en:
      - money
- key: communication
  label:
    id: Komunikasi
    en: Communication
  codes:
  - key: clarity
    label:
      id: Kejelasan
      en: Clarity
    cues:
      id:
      - tidak paham
      - kriteria
',1,6);
INSERT INTO "codebook" VALUES(2,1,'name: small
levels:
- key: variable
  label:
    id: Variabel
    en: Variable
- key: indicator
  label:
    id: Indikator
    en: Indicator
codes:
- key: resources
  label:
    id: Sumber daya
    en: Resources
  codes:
  - key: staff
    label:
      id: Staf
      en: Staff
    cues:
      id:
      - pegawai
      en:
      - officer
  - key: budget
    label:
      id: Anggaran
      en: Budget
    cues:
      id:
      - dana
      - anggaran
      en:
      - money
  - key: volunteers
    label: Relawan
- key: communication
  label:
    id: Komunikasi
    en: Communication
  codes:
  - key: clarity
    label:
      id: Kejelasan
      en: Clarity
    cues:
      id:
      - tidak paham
      - kriteria
',6,7);
INSERT INTO "codebook" VALUES(3,1,'name: small
levels:
- key: variable
  label:
    id: Variabel
    en: Variable
- key: indicator
  label:
    id: Indikator
    en: Indicator
codes:
- key: resources
  label:
    id: Sumber daya
    en: Resources
  codes:
  - key: staff
    label:
      id: Staf
      en: Staff
    cues:
      id:
      - pegawai
      en:
      - officer
  - key: budget
    label:
      id: Anggaran
      en: Budget
    cues:
      id:
      - dana
      - anggaran
      en:
      - money
- key: communication
  label:
    id: Komunikasi
    en: Communication
  codes:
  - key: clarity
    label:
      id: Kejelasan
      en: Clarity
    cues:
      id:
      - tidak paham
      - kriteria
',7,NULL);
CREATE TABLE coder (
	id INTEGER NOT NULL, 
	guid VARCHAR(36) NOT NULL, 
	name VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (guid), 
	UNIQUE (name)
);
INSERT INTO "coder" VALUES(1,'13db188c-6186-45a6-8d6b-7f7128d43faf','cues');
CREATE TABLE coding (
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	guid VARCHAR(36) NOT NULL, 
	document_id INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	code VARCHAR NOT NULL, 
	coder_id INTEGER NOT NULL, 
	origin VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	valence VARCHAR, 
	confidence FLOAT, 
	because TEXT NOT NULL, 
	memo TEXT NOT NULL, 
	anchor VARCHAR NOT NULL, 
	from_act INTEGER NOT NULL, 
	to_act INTEGER, 
	PRIMARY KEY (version), 
	FOREIGN KEY(coder_id) REFERENCES coder (id), 
	FOREIGN KEY(from_act) REFERENCES act (id), 
	FOREIGN KEY(to_act) REFERENCES act (id)
);
INSERT INTO "coding" VALUES(1,1,'a6ca68b1-e10e-4560-9eb7-4954a124bd16',1,111,146,'resources.budget',1,'cue','suggested','enabler',0.65,'Anggaran; lancar; tidak ada kendala','','',3,4);
INSERT INTO "coding" VALUES(2,2,'941b6ed0-f8e6-49c5-a11a-ba3fee9f5078',2,111,129,'resources.budget',1,'cue','suggested','barrier',0.65,'Dananya; tidak ada','','',3,NULL);
INSERT INTO "coding" VALUES(3,3,'d348191f-a39f-41b3-aa1e-aa2b1fd8db2c',2,163,183,'resources.staff',1,'cue','suggested','barrier',0.65,'Pegawainya; cuma dua','','',3,8);
INSERT INTO "coding" VALUES(4,4,'fdd3e5b1-edd5-4b73-9ec7-08c54255e719',2,184,213,'communication.clarity',1,'cue','suggested','barrier',0.912,'Kriterianya; tidak paham','','',3,8);
INSERT INTO "coding" VALUES(5,1,'a6ca68b1-e10e-4560-9eb7-4954a124bd16',1,111,146,'resources.budget',1,'cue','accepted','enabler',0.65,'Anggaran; lancar; tidak ada kendala','','',4,NULL);
INSERT INTO "coding" VALUES(6,3,'d348191f-a39f-41b3-aa1e-aa2b1fd8db2c',2,163,184,'resources.staff',1,'cue','suggested','barrier',0.65,'Pegawainya; cuma dua','','unsure',8,NULL);
INSERT INTO "coding" VALUES(7,4,'fdd3e5b1-edd5-4b73-9ec7-08c54255e719',2,185,214,'communication.clarity',1,'cue','suggested','barrier',0.912,'Kriterianya; tidak paham','','',8,NULL);
CREATE TABLE counter (
	name VARCHAR NOT NULL, 
	value INTEGER NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "counter" VALUES('setting',3);
INSERT INTO "counter" VALUES('codebook',1);
INSERT INTO "counter" VALUES('case_',2);
INSERT INTO "counter" VALUES('document',2);
INSERT INTO "counter" VALUES('document_value',4);
INSERT INTO "counter" VALUES('coding',4);
INSERT INTO "counter" VALUES('memo',1);
CREATE TABLE document (
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	guid VARCHAR(36) NOT NULL, 
	name VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	case_id INTEGER, 
	source VARCHAR NOT NULL, 
	revision_id INTEGER NOT NULL, 
	from_act INTEGER NOT NULL, 
	to_act INTEGER, 
	PRIMARY KEY (version), 
	FOREIGN KEY(revision_id) REFERENCES revision (id), 
	FOREIGN KEY(from_act) REFERENCES act (id), 
	FOREIGN KEY(to_act) REFERENCES act (id)
);
INSERT INTO "document" VALUES(1,1,'9a30bc9a-1e50-4618-a9da-c79adf59f733','dua','interview','id',1,'dua.txt',1,2,NULL);
INSERT INTO "document" VALUES(2,2,'461eb772-9078-4731-98e8-936dd760be56','satu','interview','id',2,'satu.txt',2,2,8);
INSERT INTO "document" VALUES(3,2,'461eb772-9078-4731-98e8-936dd760be56','satu','interview','id',2,'satu.txt',3,8,NULL);
CREATE TABLE document_value (
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	document_id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	from_act INTEGER NOT NULL, 
	to_act INTEGER, 
	PRIMARY KEY (version), 
	FOREIGN KEY(from_act) REFERENCES act (id), 
	FOREIGN KEY(to_act) REFERENCES act (id)
);
INSERT INTO "document_value" VALUES(1,1,1,'title','Wawancara rekaan',2,NULL);
INSERT INTO "document_value" VALUES(2,2,1,'date','3 Maret 2019',2,NULL);
INSERT INTO "document_value" VALUES(3,3,2,'title','Wawancara rekaan',2,NULL);
INSERT INTO "document_value" VALUES(4,4,2,'date','3 Maret 2019',2,NULL);
CREATE TABLE memo (
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	guid VARCHAR(36) NOT NULL, 
	about VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	from_act INTEGER NOT NULL, 
	to_act INTEGER, 
	PRIMARY KEY (version), 
	FOREIGN KEY(from_act) REFERENCES act (id), 
	FOREIGN KEY(to_act) REFERENCES act (id)
);
INSERT INTO "memo" VALUES(1,1,'cc7c774e-634e-48c2-82b0-20872923fadd','document','satu','Dibaca lagi.',5,NULL);
CREATE TABLE revision (
	id INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "revision" VALUES(1,'8e62ca34f32aefd08e3aea3e71bcb21122f7db545b6237ad88e9e0225e6fe4e3','Judul: Wawancara rekaan
Kode informan: B
Tanggal: 3 Maret 2019

Pewawancara: Bagaimana dananya, Pak?
Informan: Anggaran lancar, tidak ada kendala.
Pewawancara: Ada lagi?
Informan: Hujan terus dari pagi.
');
INSERT INTO "revision" VALUES(2,'54a4a17184052df95e23926b5ad06e6832925dabc229958cf50d03d9212a1f2e','Judul: Wawancara rekaan
Kode informan: A
Tanggal: 3 Maret 2019

Pewawancara: Bagaimana dananya, Pak?
Informan: Dananya tidak ada.
Pewawancara: Ada lagi?
Informan: Pegawainya cuma dua. Kriterianya kami tidak paham.
');
INSERT INTO "revision" VALUES(3,'aeaeda5f5c20d1f44816c83f3c647f8af959e76ded60f530b28aa20b26143711','Judul: Wawancara rekaan
Kode informan: A
Tanggal: 3 Maret 2019

Pewawancara: Bagaimana dananya, Pak?
Informan: Dananya tidak ada.
Pewawancara: Ada lagi?
Informan: Pegawainya hanya dua. Kriterianya kami tidak paham.
');
CREATE TABLE setting (
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	from_act INTEGER NOT NULL, 
	to_act INTEGER, 
	PRIMARY KEY (version), 
	FOREIGN KEY(from_act) REFERENCES act (id), 
	FOREIGN KEY(to_act) REFERENCES act (id)
);
INSERT INTO "setting" VALUES(1,1,'coder','SN',1,NULL);
INSERT INTO "setting" VALUES(2,2,'language','id',1,NULL);
INSERT INTO "setting" VALUES(3,3,'title','Contoh',1,NULL);
CREATE TABLE speaker (
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	document_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	case_id INTEGER NOT NULL, 
	from_act INTEGER NOT NULL, 
	to_act INTEGER, 
	PRIMARY KEY (version), 
	FOREIGN KEY(from_act) REFERENCES act (id), 
	FOREIGN KEY(to_act) REFERENCES act (id)
);
CREATE TABLE turn (
	revision_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	speaker VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	time VARCHAR NOT NULL, 
	PRIMARY KEY (revision_id, number), 
	FOREIGN KEY(revision_id) REFERENCES revision (id)
);
INSERT INTO "turn" VALUES(1,1,77,100,'Pewawancara','interviewer','');
INSERT INTO "turn" VALUES(1,2,111,146,'Informan','informant','');
INSERT INTO "turn" VALUES(1,3,160,169,'Pewawancara','interviewer','');
INSERT INTO "turn" VALUES(1,4,180,202,'Informan','informant','');
INSERT INTO "turn" VALUES(2,1,77,100,'Pewawancara','interviewer','');
INSERT INTO "turn" VALUES(2,2,111,129,'Informan','informant','');
INSERT INTO "turn" VALUES(2,3,143,152,'Pewawancara','interviewer','');
INSERT INTO "turn" VALUES(2,4,163,213,'Informan','informant','');
INSERT INTO "turn" VALUES(3,1,77,100,'Pewawancara','interviewer','');
INSERT INTO "turn" VALUES(3,2,111,129,'Informan','informant','');
INSERT INTO "turn" VALUES(3,3,143,152,'Pewawancara','interviewer','');
INSERT INTO "turn" VALUES(3,4,163,214,'Informan','informant','');
CREATE INDEX ix_revision_sha256 ON revision (sha256);
CREATE INDEX ix_setting_from_act ON setting (from_act);
CREATE UNIQUE INDEX setting_once ON setting ("key") WHERE to_act IS NULL;
CREATE UNIQUE INDEX setting_now ON setting (id) WHERE to_act IS NULL;
CREATE INDEX setting_then ON setting (to_act) WHERE to_act IS NOT NULL;
CREATE INDEX ix_codebook_from_act ON codebook (from_act);
CREATE INDEX codebook_then ON codebook (to_act) WHERE to_act IS NOT NULL;
CREATE UNIQUE INDEX codebook_now ON codebook (id) WHERE to_act IS NULL;
CREATE UNIQUE INDEX case__now ON case_ (id) WHERE to_act IS NULL;
CREATE INDEX case__then ON case_ (to_act) WHERE to_act IS NOT NULL;
CREATE UNIQUE INDEX case__once ON case_ (name) WHERE to_act IS NULL;
CREATE INDEX ix_case__from_act ON case_ (from_act);
CREATE UNIQUE INDEX case_value_now ON case_value (id) WHERE to_act IS NULL;
CREATE INDEX ix_case_value_from_act ON case_value (from_act);
CREATE INDEX case_value_then ON case_value (to_act) WHERE to_act IS NOT NULL;
CREATE UNIQUE INDEX case_value_once ON case_value (case_id, "key") WHERE to_act IS NULL;
CREATE UNIQUE INDEX document_once ON document (name) WHERE to_act IS NULL;
CREATE UNIQUE INDEX document_now ON document (id) WHERE to_act IS NULL;
CREATE INDEX document_then ON document (to_act) WHERE to_act IS NOT NULL;
CREATE INDEX ix_document_from_act ON document (from_act);
CREATE UNIQUE INDEX speaker_once ON speaker (document_id, name) WHERE to_act IS NULL;
CREATE UNIQUE INDEX speaker_now ON speaker (id) WHERE to_act IS NULL;
CREATE INDEX ix_speaker_from_act ON speaker (from_act);
CREATE INDEX speaker_then ON speaker (to_act) WHERE to_act IS NOT NULL;
CREATE UNIQUE INDEX document_value_now ON document_value (id) WHERE to_act IS NULL;
CREATE UNIQUE INDEX document_value_once ON document_value (document_id, "key") WHERE to_act IS NULL;
CREATE INDEX ix_document_value_from_act ON document_value (from_act);
CREATE INDEX document_value_then ON document_value (to_act) WHERE to_act IS NOT NULL;
CREATE INDEX coding_then ON coding (to_act) WHERE to_act IS NOT NULL;
CREATE UNIQUE INDEX coding_now ON coding (id) WHERE to_act IS NULL;
CREATE INDEX ix_coding_from_act ON coding (from_act);
CREATE UNIQUE INDEX coding_once ON coding (document_id, start, "end", code, coder_id) WHERE to_act IS NULL;
CREATE INDEX ix_memo_from_act ON memo (from_act);
CREATE UNIQUE INDEX memo_now ON memo (id) WHERE to_act IS NULL;
CREATE INDEX memo_then ON memo (to_act) WHERE to_act IS NOT NULL;
COMMIT;
