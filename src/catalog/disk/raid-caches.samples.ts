/** Answers of RAID tools, shortened to what is read, as their makers' guides and public outputs have them. */

/** One line, as the fragment squeezes it: a mirror of hard disks that was set to write back and writes through. */
export const storcliFallenBack = `{"Controllers":[{"Command Status":{"Controller":0,"Status":"Success","Description":"None"},"Response Data":{"/c0/v0":[{"DG/VD":"0/0","TYPE":"RAID1","State":"Optl","Access":"RW","Consist":"Yes","Cache":"RWTD","Cac":"-","sCC":"ON","Size":"3.637 TB","Name":""}],"PDs for VD 0":[{"EID:Slt":"252:0","DID":4,"State":"Onln","DG":0,"Size":"3.637 TB","Intf":"SAS","Med":"HDD","SED":"N"}],"VD0 Properties":{"Strip Size":"256 KB","Write Cache(initial setting)":"WriteBack","Disk Cache Policy":"Disk's Default","OS Drive Name":"/dev/sda"},"/c0/v1":[{"DG/VD":"1/1","TYPE":"RAID1","State":"Optl","Cache":"NRWTD"}],"PDs for VD 1":[{"Med":"SSD"}],"VD1 Properties":{"Write Cache(initial setting)":"WriteThrough","OS Drive Name":"/dev/sdb"}}}]}`;

export const storcliBattery = `{"Controllers":[{"Command Status":{"Controller":0,"Status":"Success"},"Response Data":{"Product Name":"PERC H730 Mini","BBU_Info":[{"Model":"BBU","State":"Failed","RetentionTime":"0 hour(s)","Temp":"31C","Mode":"-","MfgDate":"0/00/00","Next Learn":"None"}]}}]}`;

export const megacliBothWays = `Adapter 0 -- Virtual Drive Information:
Virtual Drive: 0 (Target Id: 0)
RAID Level          : Primary-1, Secondary-0, RAID Level Qualifier-0
Default Cache Policy: WriteBack, ReadAheadNone, Direct, No Write Cache if Bad BBU
Current Cache Policy: WriteThrough, ReadAheadNone, Direct, No Write Cache if Bad BBU
Virtual Drive: 1 (Target Id: 1)
Default Cache Policy: WriteBack, ReadAdaptive, Direct, No Write Cache if Bad BBU
Current Cache Policy: WriteBack, ReadAdaptive, Direct, No Write Cache if Bad BBU
`;

export const ssacliBatteryFailed = `Smart Array P420i in Slot 0 (Embedded)
   Cache Board Present: True
   Cache Status: Temporarily Disabled
   No-Battery Write Cache: Disabled
   Battery/Capacitor Status: Failed (Replace Batteries/Capacitors)
   Array: A
      Interface Type: SAS
      Logical Drive: 1
         Fault Tolerance: 1
         Caching:  Enabled
         Disk Name: /dev/sda          Mount Points: None
      physicaldrive 1I:1:1
         Interface Type: SAS
   Array: B
      Interface Type: Solid State SATA
      Logical Drive: 2
         Fault Tolerance: 1
         LD Acceleration Method: SSD Smart Path
         Caching:  Disabled
         Disk Name: /dev/sdb
`;
